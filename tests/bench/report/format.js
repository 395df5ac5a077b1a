// Numbers as the tables show them.

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(1)} %`;

/** @param {number} seconds */
export function time(seconds) {
  if (seconds >= 60) return `${Math.floor(seconds / 60)} min ${(seconds % 60).toFixed(0)} s`;
  if (seconds >= 10) return `${seconds.toFixed(1)} s`;
  const milliseconds = 1000 * seconds;
  return `${milliseconds.toFixed(milliseconds < 100 ? 1 : 0)} ms`;
}

/** @param {number} ratio */
export const times = (ratio) => `${ratio.toFixed(ratio < 10 ? 2 : 1)}×`;

/** @param {number} bytes */
export const megabytes = (bytes) => `${(bytes / 2 ** 20).toFixed(0)} MB`;

/**
 * A figure with its quartiles in brackets, unless they are all the same.
 * @param {Record<string, any>} figure has `<name>` and `<name>_spread`, as the programs print them
 * @param {string} name
 * @param {(value: number) => string} format
 */
export function spread(figure, name, format) {
  const middle = format(figure[name]);
  const [low, high] = figure[`${name}_spread`].map(format);
  return low === middle && high === middle ? middle : `${middle} (${low}–${high})`;
}
