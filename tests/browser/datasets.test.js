// Datasets in browsers: tables in the origin's private file system, shared by tabs, whole or not there;
// on a page's own thread in memory.
import assert from "node:assert/strict";
import { folder_with, hub_for } from "../lib/hub_support.js";
import { in_browsers, tab_for } from "./in_browsers.js";

const TABLES = "tests/browser/programs/opfs_tables.js";
const NEIGHBOURS = "tests/browser/programs/opfs_neighbours.js";
const LOAD = "tests/browser/programs/load_rows.js";
const BROWSERS = /** @type {("chromium" | "firefox")[]} */ (["chromium", "firefox"]);

in_browsers(
  "a table is written, read at random, and read by another tab while the first one has it open",
  BROWSERS,
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const made = await tab.run(TABLES, { action: "write_and_read" });
    assert.deepEqual(made, {
      kind: "OpfsStorage",
      rows: ["row 0 naïve", "row 9999 naïve", "row 4096 naïve", "row 4097 naïve"],
      slice: [
        [4095, 4096],
        [4096, 4097],
        [4097, 4098],
      ],
      same: true,
      list: ["a/rows.table"],
    });
    const other = await (await session.open_tab()).run(TABLES, { action: "read" });
    assert.deepEqual(other.rows, ["row 7 naïve", 10_000]);
    const replaced = await (await session.open_tab()).run(TABLES, { action: "replace" });
    assert.equal(replaced.first[0], "row 1 naïve");
    assert.deepEqual(replaced.list, ["a/rows.table"]);
  },
);

in_browsers(
  "what is given up, damaged, or left by a closed tab is no table",
  BROWSERS,
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const given_up = await tab.run(TABLES, { action: "give_up" });
    assert.deepEqual(given_up.paths, []);
    assert.match(given_up.message, /there is no b\/rows\.table/);
    const damaged = await tab.run(TABLES, { action: "damage" });
    assert.match(damaged.message, /c\/rows\.table was cut off; remove it/);
    const doomed = await session.open_tab();
    doomed.run(TABLES, { action: "never_end" }).catch(() => {}); // it ends with its tab
    await new Promise((resolve) => setTimeout(resolve, 1000));
    await doomed.close();
    const { names } = await (await session.open_tab()).run(TABLES, { action: "everything" });
    assert.deepEqual(names, ["c/rows.table"], "the next tab clears what the closed one left");
  },
);

in_browsers(
  "what a worker commits is there, whatever other tabs that write and that start do meanwhile",
  BROWSERS,
  async (browser, t) => {
    const { session, tab } = await tab_for(browser, t);
    const others = [await session.open_tab(), await session.open_tab(), await session.open_tab()];
    // Enough for several failures in a storage whose sweep takes files between their last byte and their place. Firefox
    // itself hangs now and then where many workers write at once, and fails in the first turns there.
    const turns = browser.name === "firefox" ? 10 : 60;
    const failures = await Promise.all(
      [tab, ...others].map((each, i) =>
        each.run(NEIGHBOURS, { action: i < 2 ? "write" : "sweep", name: `worker ${i}`, turns }),
      ),
    );
    assert.deepEqual(failures, [[], [], [], []]);
  },
);

in_browsers(
  "a dataset is read once and mapped in workers; the next tab finds its table; a page's own thread keeps it in memory",
  BROWSERS,
  async (browser, t) => {
    const lines = Array.from({ length: 3000 }, (_, row) => `sentence ${row},${row % 2}`);
    const csv = `text,label\n${lines.join("\n")}\n`;
    const { hub, asked } = await hub_for(t, {
      root: await folder_with(t, { "datasets/org/lines/train.csv": csv }),
    });
    const { session, tab } = await tab_for(browser, t);
    const given = { endpoint: hub.endpoint, name: "org/lines" };
    const expected = {
      rows: [
        { text: "sentence 0", label: 0, length: 10 },
        { text: "sentence 2999", label: 1, length: 13 },
      ],
      features: "{'text': Value('string'), 'label': Value('int64'), 'length': Value('int64')}",
      kept_in: ["OpfsStorage"],
    };
    assert.deepEqual(await tab.run(LOAD, given), expected);
    asked();
    assert.deepEqual(await (await session.open_tab()).run(LOAD, given), expected);
    const reads = asked().filter((/** @type {string} */ line) => line.includes("train.csv"));
    assert.deepEqual(reads, []);
    const on_page = await tab.run_in_page(LOAD, given);
    assert.deepEqual([on_page.rows, on_page.kept_in], [expected.rows, ["MemoryStorage"]]);
  },
);
