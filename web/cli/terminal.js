// What the terminal shows while work goes on: a progress bar where there is a screen, plain lines
// elsewhere. All on stderr.

const BAR_WIDTH = 24;

/** What moves the cursor, colours, or turns the direction of writing instead of showing. */
// eslint-disable-next-line no-control-regex -- those characters are what it is about
const CONTROLS = /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g;

/**
 * A line with names and texts of others in it, such that none of them commands the terminal: their control characters
 * as JSON writes them.
 * @param {string} text
 */
export const printable = (text) =>
  text.replace(CONTROLS, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
const REDRAW_MS = 100;

/** @param {number} seconds */
export function duration(seconds) {
  const whole = Math.max(0, Math.round(seconds));
  const two = (/** @type {number} */ n) => String(n).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor(whole / 60) % 60;
  return hours > 0
    ? `${hours}:${two(minutes)}:${two(whole % 60)}`
    : `${minutes}:${two(whole % 60)}`;
}

/**
 * A number as people read it: four decimals, or powers of ten for the very small.
 * @param {number} value
 */
export function short_number(value) {
  if (Number.isInteger(value)) return String(value);
  return Math.abs(value) >= 1e-3 ? value.toFixed(4) : value.toExponential(2);
}

/** @param {Record<string, number>} values */
export function short_list(values) {
  return Object.entries(values)
    .map(([name, value]) => `${name} ${short_number(value)}`)
    .join("  ");
}

export class Terminal {
  /** @param {{quiet?: boolean, stream?: NodeJS.WriteStream}} [options] */
  constructor({ quiet = false, stream = process.stderr } = {}) {
    this._quiet = quiet;
    this._stream = stream;
    this.has_screen = Boolean(stream.isTTY);
    this._bar = "";
    this._drawn = 0;
  }

  /** A line that stays. @param {string} text */
  note(text) {
    if (this._quiet) return;
    this._erase();
    this._stream.write(`${printable(text)}\n`);
    if (this._bar) this._stream.write(this._bar);
  }

  /** A warning; shown when quiet too. @param {string} text */
  warning(text) {
    this._erase();
    this._stream.write(`${printable(text)}\n`);
  }

  _erase() {
    if (this._bar) this._stream.write("\r\x1b[K");
  }

  /**
   * Draws the bar, at most every tenth of a second; nothing without a screen.
   * @param {{label: string, done: number, total: number, rate: number, loss?: number, unit?: "steps" | "rows" | "MB"}}
   *   progress in steps or rows and as many a second, or in bytes, which are shown as MB
   */
  progress({ label, done, total, rate, loss, unit = "steps" }) {
    if (this._quiet || !this.has_screen) return;
    const now = performance.now();
    if (now - this._drawn < REDRAW_MS && done < total) return;
    this._drawn = now;
    const filled = total > 0 ? Math.round((BAR_WIDTH * done) / total) : BAR_WIDTH;
    const bar = "━".repeat(filled) + "─".repeat(BAR_WIDTH - filled);
    const scale = unit === "MB" ? 1e6 : 1;
    const amounts =
      unit === "MB"
        ? `${(done / scale).toFixed(1)}/${(total / scale).toFixed(1)} MB`
        : `${done}/${total}`;
    const left =
      rate > 0
        ? `  ${(rate / scale).toFixed(1)} ${unit}/s  ${duration((total - done) / rate)} left`
        : "";
    const shown = loss === undefined ? "" : `  loss ${loss.toFixed(4)}`;
    const columns = this._stream.columns || 80;
    const text = `${printable(label)} ${bar} ${amounts}${left}${shown}`;
    this._bar = text.slice(0, columns - 1); // a bar of two lines could not be erased
    this._erase();
    this._stream.write(this._bar);
  }

  /** Takes the bar away. */
  done() {
    this._erase();
    this._bar = "";
  }
}

/**
 * Names and values under each other, on stdout: the result of a command.
 * @param {string} title
 * @param {Record<string, number>} values
 */
export function print_table(title, values) {
  const width = Math.max(...Object.keys(values).map((name) => name.length));
  const lines = Object.entries(values).map(
    ([name, value]) => `  ${name.padEnd(width)}  ${short_number(value)}`,
  );
  process.stdout.write(`${title}\n${lines.join("\n")}\n`);
}
