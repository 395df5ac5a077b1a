// Two ways of doing the same, measured in turns, so that a machine that changes its speed changes both.
import { summary } from "../report/statistics.js";

/**
 * @param {number} count turns of each
 * @param {() => Promise<number>} ours gives seconds
 * @param {() => Promise<number>} theirs
 * @returns {Promise<{ours: number, ours_spread: [number, number], theirs: number, theirs_spread: [number, number],
 *   ratio: number, ratio_spread: [number, number]}>} medians with quartiles; ratio: theirs ÷ ours, turn by turn
 */
export async function take_turns(count, ours, theirs) {
  /** @type {[number, number][]} */
  const pairs = [];
  for (let turn = 0; turn < count; turn++) pairs.push([await ours(), await theirs()]);
  const a = summary(pairs.map(([own]) => own));
  const b = summary(pairs.map(([, other]) => other));
  const ratio = summary(pairs.map(([own, other]) => other / own));
  return {
    ...{ ours: a.median, ours_spread: a.spread, theirs: b.median, theirs_spread: b.spread },
    ...{ ratio: ratio.median, ratio_spread: ratio.spread },
  };
}

/**
 * A turn of ours: the median of a few steps.
 * @param {import("../hosts/programs.js").BenchHost} host
 * @param {(string | number)[]} args of step_bench
 */
export const step_seconds = (host, args) => async () =>
  (await host.run_program("relaxed-threads", "step_bench", args))[0].seconds;
