// Which rows of which splits: "train[:10%]+test[100:200]" and the like, to row numbers.
import { TunelabError } from "../core/errors.js";
import { did_you_mean } from "../core/near_names.js";

/**
 * @typedef {object} Part one of the expression's summands
 * @property {string} splitname
 * @property {number | null} from_ negative counts from the end
 * @property {number | null} to
 * @property {"%" | "abs"} unit of both
 * @property {Rounding | null} rounding of percentages; null for row numbers
 */
/** @typedef {"closest" | "pct1_dropremainder"} Rounding */

const SPEC =
  /^(?<split>[\p{L}\p{N}_]+(?:\.[\p{L}\p{N}_]+)*)(?:\[(?:(?<from>-?[\d_]+)(?<from_pct>%)?)?:(?:(?<to>-?[\d_]+)(?<to_pct>%)?)?\])?(?:\((?<rounding>[^)]*)\))?$/u;

/** To the nearest whole number, halves to the even one, as Python's round. @param {number} x */
function round_half_even(x) {
  const below = Math.floor(x);
  if (x - below !== 0.5) return Math.round(x);
  return below % 2 === 0 ? below : below + 1;
}

/** @param {string | undefined} text digits, perhaps with "_" between them */
const whole = (text) => (text === undefined ? null : Number(text.replaceAll("_", "")));

/** @param {Part} part @returns {Part} with its rounding settled */
function checked(part) {
  const { unit, rounding, from_, to } = part;
  if (unit !== "%" && unit !== "abs") throw new TunelabError("unit must be either % or abs");
  if (rounding !== null && rounding !== "closest" && rounding !== "pct1_dropremainder")
    throw new TunelabError("rounding must be either closest or pct1_dropremainder");
  if (unit !== "%" && rounding !== null)
    throw new TunelabError("It is forbidden to specify rounding if not using percent slicing.");
  if (unit === "%" && [from_, to].some((bound) => Math.abs(bound ?? 0) > 100))
    throw new TunelabError("Percent slice boundaries must be > -100 and < 100.");
  return unit === "%" ? { ...part, rounding: rounding ?? "closest" } : part;
}

/** @param {string} spec @returns {Part} */
function part_of(spec) {
  const groups = SPEC.exec(spec)?.groups;
  if (!groups)
    throw new TunelabError(
      `Unrecognized instruction format: ${spec}; expected a split's name, and perhaps a slice such as train[:10%] or train[100:200]`,
    );
  return checked({
    splitname: groups.split,
    from_: whole(groups.from),
    to: whole(groups.to),
    unit: groups.from_pct || groups.to_pct ? "%" : "abs",
    rounding: /** @type {Rounding | null} */ (groups.rounding ?? null),
  });
}

/** @param {Part} part */
function spec_of({ splitname, from_, to, unit, rounding }) {
  if (from_ === null && to === null) return splitname;
  const mark = unit === "%" ? "%" : "";
  const bound = (/** @type {number | null} */ at) => (at === null ? "" : `${at}${mark}`);
  const rounded = rounding === "pct1_dropremainder" ? `(${rounding})` : "";
  return `${splitname}[${bound(from_)}:${bound(to)}]${rounded}`;
}

/**
 * @param {number} percent
 * @param {number} rows
 * @param {Rounding | null} rounding
 */
function rows_of_percent(percent, rows, rounding) {
  if (rounding !== "pct1_dropremainder") return round_half_even((percent * rows) / 100);
  if (rows < 100)
    throw new TunelabError(
      'Using "pct1_dropremainder" rounding on a split with less than 100 elements is forbidden: it always results in an empty dataset.',
    );
  return percent * Math.trunc(rows / 100);
}

/**
 * @param {string} split
 * @param {readonly string[]} splits those that are there
 */
export function unknown_split(split, splits) {
  const near = did_you_mean(split, splits);
  return new TunelabError(
    `Unknown split "${split}". Should be one of ${splits.join(", ")}${near || "."}`,
  );
}

/**
 * @param {Part} part
 * @param {Record<string, number>} rows_by_split
 */
function absolute(part, rows_by_split) {
  const { splitname, unit, rounding } = part;
  const rows = rows_by_split[splitname];
  if (rows === undefined) throw unknown_split(splitname, Object.keys(rows_by_split));
  const bound = (/** @type {number | null} */ given, /** @type {number} */ open) => {
    if (given === null) return open;
    const at = unit === "%" ? rows_of_percent(given, rows, rounding) : given;
    return Math.min(at < 0 ? Math.max(rows + at, 0) : at, rows);
  };
  return { splitname, from_: bound(part.from_, 0), to: bound(part.to, rows) };
}

/**
 * Rows of a split, or of several one after the other:
 * `new ReadInstruction("train", {to: 10, unit: "%"})`, or `ReadInstruction.from_spec("train[:10%]")`.
 */
export class ReadInstruction {
  /**
   * @param {string} split_name
   * @param {object} [options]
   * @param {number} [options.from_] first row, or percentage; negative counts from the end
   * @param {number} [options.to] the row after the last
   * @param {"%" | "abs"} [options.unit] of both; default "abs"
   * @param {Rounding} [options.rounding] of percentages: to the closest row (default), or to
   *   multiples of whole hundredths, so that equal percentages are equally many rows
   * @throws {TunelabError} for bounds beyond 100 %, and rounding without percentages
   */
  constructor(split_name, { from_, to, unit = "abs", rounding } = {}) {
    /** @type {Part[]} */
    this._parts = [
      checked({
        splitname: split_name,
        from_: from_ ?? null,
        to: to ?? null,
        unit,
        rounding: rounding ?? null,
      }),
    ];
  }

  /**
   * @param {string} spec "train", "train[:10%]", "train[-100:]", "train[:20%](pct1_dropremainder)",
   *   and sums of such
   * @throws {TunelabError} for text of another form
   */
  static from_spec(spec) {
    const [first, ...others] = String(spec)
      .split(/\s*\+\s*/)
      .map((each) => ReadInstruction._of([part_of(each)]));
    return others.reduce((sum, each) => sum.add(each), first);
  }

  /** @param {Part[]} parts */
  static _of(parts) {
    const made = new ReadInstruction(parts[0].splitname);
    made._parts = parts;
    return made;
  }

  /** Python's +: these rows, then those. @param {ReadInstruction} other */
  add(other) {
    const [mine, theirs] = [this._parts[0], other._parts[0]];
    if (mine.unit !== "abs" && theirs.unit !== "abs" && mine.rounding !== theirs.rounding)
      throw new TunelabError(
        "It is forbidden to sum ReadInstruction instances with different rounding values.",
      );
    return ReadInstruction._of([...this._parts, ...other._parts]);
  }

  /** The splits that are named. @returns {string[]} */
  get split_names() {
    return [...new Set(this._parts.map(({ splitname }) => splitname))];
  }

  /** The text that from_spec reads. */
  to_spec() {
    return this._parts.map(spec_of).join("+");
  }

  /**
   * @param {Record<string, number>} rows_by_split
   * @returns {{splitname: string, from_: number, to: number}[]} row numbers, one entry a summand;
   *   `to` may lie before `from_`, which means no row
   * @throws {TunelabError} for a split that is not there
   */
  to_absolute(rows_by_split) {
    return this._parts.map((part) => absolute(part, rows_by_split));
  }

  toString() {
    return this.to_spec();
  }
}
