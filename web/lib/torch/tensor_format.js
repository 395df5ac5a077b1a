// How a tensor looks when printed: torch's four decimals, its columns and its ellipses.

/** @typedef {import("./tensor.js").Tensor} Tensor */

/**
 * torch.set_printoptions: from so many elements on a tensor is summarised, with so many items at
 * either end.
 */
const THRESHOLD = 1000;
const EDGE_ITEMS = 3;

/** @param {Tensor} tensor */
function number_format(tensor) {
  if (tensor.dtype === "int32") return String;
  const finite = Array.from(tensor.data).filter(Number.isFinite);
  if (finite.every(Number.isInteger))
    return (/** @type {number} */ x) => (Number.isFinite(x) ? `${x}.` : special(x));
  const sizes = finite.filter((x) => x !== 0).map(Math.abs);
  const largest = Math.max(...sizes);
  const smallest = Math.min(...sizes);
  const scientific = largest / smallest > 1000 || largest > 1e8 || smallest < 1e-4;
  return (/** @type {number} */ x) => {
    if (!Number.isFinite(x)) return special(x);
    return scientific ? x.toExponential(4).replace(/e([+-])(\d)$/, "e$10$2") : x.toFixed(4);
  };
}

/** @param {number} x */
const special = (x) => (Number.isNaN(x) ? "nan" : x > 0 ? "inf" : "-inf");

/**
 * @param {Tensor} tensor
 * @param {(x: number) => string} text
 * @param {number} indent
 * @param {boolean} summarise
 * @returns {string}
 */
function body(tensor, text, indent, summarise) {
  if (tensor.shape.length === 0) return text(tensor.data[0]);
  const shown = shown_rows(tensor.length, summarise);
  if (tensor.shape.length === 1)
    return `[${shown.map((i) => (i < 0 ? "..." : text(tensor.data[i]))).join(", ")}]`;
  const separator = `,${"\n".repeat(tensor.shape.length - 1)}${" ".repeat(indent + 1)}`;
  const rows = shown.map((i) => (i < 0 ? "..." : body(tensor.at(i), text, indent + 1, summarise)));
  return `[${rows.join(separator)}]`;
}

/**
 * @param {number} length
 * @param {boolean} summarise
 * @returns {number[]} -1 where the ellipsis stands
 */
function shown_rows(length, summarise) {
  const all = Array.from({ length }, (_, i) => i);
  if (!summarise || length <= 2 * EDGE_ITEMS) return all;
  return [...all.slice(0, EDGE_ITEMS), -1, ...all.slice(-EDGE_ITEMS)];
}

/** @param {Tensor} tensor */
export function format_tensor(tensor) {
  const format = number_format(tensor);
  const summarise = tensor.numel() > THRESHOLD;
  const width = summarise ? 0 : Math.max(0, ...Array.from(tensor.data, (x) => format(x).length));
  const padded = (/** @type {number} */ x) => format(x).padStart(width);
  return `tensor(${body(tensor, tensor.shape.length === 0 ? format : padded, 7, summarise)})`;
}
