// Text of CSV cut into rows of cells, as pandas cuts it: a quote opens only where a cell begins.

/**
 * @typedef {object} Dialect
 * @property {string} delimiter one character
 * @property {string | null} quote one character; null: quotes are text
 */
/**
 * @typedef {object} CutRows
 * @property {string[][]} rows
 * @property {number[]} ends where each row ends in the text, its line end included
 * @property {number} end where the last whole row ends
 */

/** Lines of spaces alone are no rows. */
const BLANK = /^[ \t]*$/;

/** One look for the next of a character, remembered until it is passed. */
class Next {
  /** @param {string} text @param {string | null} character */
  constructor(text, character) {
    this._text = text;
    this._character = character;
    this._at = character === null ? Infinity : -1;
  }

  /** @param {number} from @returns {number} Infinity: there is none */
  after(from) {
    if (this._at < from) {
      const found = this._text.indexOf(/** @type {string} */ (this._character), from);
      this._at = found < 0 ? Infinity : found;
    }
    return this._at;
  }
}

class RowCutter {
  /** @param {string} text @param {Dialect} dialect @param {boolean} final nothing follows the text */
  constructor(text, { delimiter, quote }, final) {
    this._text = text;
    this._final = final;
    this._delimiter = delimiter;
    this._quote = quote;
    this._delimiters = new Next(text, delimiter);
    this._quotes = new Next(text, quote);
    this._feeds = new Next(text, "\n");
    this._returns = new Next(text, "\r");
  }

  /** @param {number} from @returns {number} where the line ends; the text's end if nowhere */
  _line_end(from) {
    return Math.min(this._feeds.after(from), this._returns.after(from), this._text.length);
  }

  /**
   * Where the next line begins after a line's end.
   * @param {number} end
   * @returns {number} -1: that is not known before more of the text is there
   */
  _after_line(end) {
    const length = this._text.length;
    if (end === length) return this._final ? length : -1;
    if (this._text[end] === "\n") return end + 1;
    if (end + 1 === length && !this._final) return -1;
    return this._text[end + 1] === "\n" ? end + 2 : end + 1;
  }

  /** @returns {CutRows} */
  cut() {
    /** @type {CutRows} */
    const made = { rows: [], ends: [], end: 0 };
    const { length } = this._text;
    while (made.end < length) {
      const line_end = this._line_end(made.end);
      const plain = this._quotes.after(made.end) >= line_end;
      const found = plain
        ? { cells: this._text.slice(made.end, line_end).split(this._delimiter), at: line_end }
        : this._quoted_row(made.end);
      const next = found ? this._after_line(found.at) : -1;
      if (!found || next < 0) break;
      const { cells } = found;
      const blank = cells.length === 1 && this._is_blank(made.end, found.at);
      made.end = next;
      if (blank) continue;
      made.rows.push(cells);
      made.ends.push(next);
    }
    return made;
  }

  /** @param {number} begin @param {number} end */
  _is_blank(begin, end) {
    return BLANK.test(this._text.slice(begin, end));
  }

  /** @param {number} begin @returns {{cells: string[], at: number} | undefined} undefined: it does not end yet */
  _quoted_row(begin) {
    const cells = [];
    for (let at = begin; ; ++at) {
      const quoted = this._text[at] === this._quote ? this._quoted_part(at + 1) : { value: "", at };
      if (!quoted) return undefined;
      const end = Math.min(this._delimiters.after(quoted.at), this._line_end(quoted.at));
      cells.push(quoted.value + this._text.slice(quoted.at, end));
      at = end;
      if (this._text[at] !== this._delimiter) return { cells, at };
    }
  }

  /** @param {number} begin after the opening quote @returns {{value: string, at: number} | undefined} */
  _quoted_part(begin) {
    let value = "";
    for (let at = begin; ;) {
      const end = this._quotes.after(at);
      // A quote at the end may be the first of two, which stand for one.
      if (end === Infinity || (end + 1 === this._text.length && !this._final)) return undefined;
      value += this._text.slice(at, end);
      if (this._text[end + 1] !== this._quote) return { value, at: end + 1 };
      value += this._quote;
      at = end + 2;
    }
  }
}

/**
 * The whole rows at the beginning of a text. Blank lines are none.
 * @param {string} text begins with a row
 * @param {Dialect} dialect
 * @param {boolean} final nothing follows the text: its last row needs no line end
 * @returns {CutRows} with an `end` before the text's own where a row goes on; in a final text its quote
 *   is never closed
 */
export const cut_rows = (text, dialect, final) => new RowCutter(text, dialect, final).cut();
