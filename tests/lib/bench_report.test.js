// The benchmark's report says what was measured: medians, quartiles, lines, and the README's section.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { spread, time } from "../bench/report/format.js";
import { with_speed_section } from "../bench/report/markdown.js";
import { fit_line, summary } from "../bench/report/statistics.js";
import { SUITES } from "../bench/suites/all.js";
import { take_turns } from "../bench/suites/turns.js";
import { repository } from "./support.js";

test("a summary is the median with the quartiles, whatever the order", () => {
  assert.deepEqual(summary([5, 1, 4, 2, 3]), { median: 3, spread: [2, 4], count: 5 });
  assert.deepEqual(summary([7]), { median: 7, spread: [7, 7], count: 1 });
});

test("a line is fitted by least squares", () => {
  assert.deepEqual(
    fit_line([
      [0, 1],
      [1, 3],
      [2, 5],
    ]),
    { a: 1, b: 2, r2: 1 },
  );
  const { a, b, r2 } = fit_line([
    [0, 0],
    [1, 2],
    [2, 1],
  ]);
  // Worked out by hand: slope 1/2, through the means (1, 1), a quarter of the variance.
  for (const [got, wanted] of [
    [a, 0.5],
    [b, 0.5],
    [r2, 0.25],
  ])
    assert.ok(Math.abs(got - wanted) < 1e-12, `${got}, ${wanted} expected`);
});

test("a ratio is the median of the turns' ratios, not the ratio of the medians", async () => {
  const ours = [1, 2, 4];
  const theirs = [4, 2, 4];
  const result = await take_turns(
    3,
    async () => Number(ours.shift()),
    async () => Number(theirs.shift()),
  );
  assert.equal(result.ours, 2);
  assert.equal(result.theirs, 4);
  assert.equal(result.ratio, 1);
  assert.deepEqual(result.ratio_spread, [1, 4]);
});

test("quartiles are shown where they tell something", () => {
  const figure = { seconds: 0.5, seconds_spread: [0.4, 0.75] };
  assert.equal(spread(figure, "seconds", time), "500 ms (400 ms–750 ms)");
  assert.equal(spread({ seconds: 90, seconds_spread: [90, 90] }, "seconds", time), "1 min 30 s");
});

/** The README as a run of all suites leaves it, and what stands around its tables. */
function measured_readme() {
  const readme = readFileSync(repository("README.md"), "utf8");
  const section = { title: "Steps", head: ["a", "b"], rows: [["x", 1]], readme: true };
  const hidden = { ...section, title: "Details", readme: false };
  const suites = [
    { name: "steps", sections: [section, hidden] },
    { name: "rows", sections: [{ ...section, title: "Rows" }] },
  ];
  return { readme, section, suites, once: with_speed_section(readme, "A machine.", suites) };
}

test("the README's speed section is replaced, and nothing around it", () => {
  const { readme, suites, once } = measured_readme();
  assert.match(
    once,
    /A machine\.\n\n<!-- suite steps -->\n\n\*\*Steps\*\*\n\n\| a \| b \|\n\| --- \| --- \|\n\| x \| 1 \|\n\n<!-- end of steps -->\n/,
  );
  assert.doesNotMatch(once, /Details/);
  assert.equal(with_speed_section(once, "A machine.", suites), once);
  const around = (text) => text.replace(/<!-- speed[^]*<!-- end of speed -->/, "");
  assert.equal(around(once), around(readme));
  assert.throws(() => with_speed_section("# No marks", "", []), /has lost the lines/);
});

test("the README's tables of suites that a run left out stay, unless they are another machine's", () => {
  const { section, suites, once } = measured_readme();
  const again = { name: "rows", sections: [{ ...section, title: "More rows" }] };
  const twice = with_speed_section(once, "A machine.", [{ name: "steps" }, again]);
  assert.equal(twice, once.replace("**Rows**", "**More rows**"));
  assert.equal(with_speed_section(twice, "A machine.", suites), once);
  const elsewhere = () => with_speed_section(once, "Another.", [{ name: "steps" }, again]);
  assert.throws(elsewhere, /tables are of another machine, and the last run left out steps/);
});

test("what is missing on a machine is a line in every suite's tables", () => {
  for (const { name, sections } of SUITES) {
    const shown = sections([{ missing: "a browser" }]);
    assert.ok(
      shown.some(({ text }) => text?.includes("Not measured: a browser.")),
      name,
    );
  }
});
