// The course's section "Processing the data" by the Hub's names in a page: each line gives what it gives in Python.
import { assert_section, made_section, mrpc_section, no_mrpc } from "../lib/course_section.js";
import { in_browsers, tab_for } from "./in_browsers.js";

const SECTION = "tests/browser/programs/processing_the_data.js";

in_browsers(
  "each line gives Python's result on a dataset in MRPC's columns",
  ["chromium", "firefox"],
  async (browser, t) => {
    const { hub, expected } = await made_section(t);
    const { tab } = await tab_for(browser, t);
    assert_section(await tab.run(SECTION, { endpoint: hub.endpoint }), expected);
  },
);

in_browsers(
  "each line gives Python's result on MRPC itself",
  ["chromium", "firefox"],
  async (browser, t) => {
    if (no_mrpc) return t.skip(no_mrpc);
    const { hub, expected } = await mrpc_section(t);
    const { tab } = await tab_for(browser, t);
    assert_section(await tab.run(SECTION, { endpoint: hub.endpoint }), expected);
  },
);
