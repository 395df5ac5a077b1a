// The suites in the order in which they run and the report shows them.
import * as costs from "./costs.js";
import * as growth from "./growth.js";
import * as job from "./job.js";
import * as peers from "./browser_peers.js";
import * as products from "./products.js";
import * as pytorch from "./pytorch.js";
import * as rows from "./rows.js";
import * as steps from "./steps.js";
import * as tokenizer from "./tokenizer.js";

/** @type {import("./suite.js").Suite[]} */
export const SUITES = Object.entries({
  ...{ products, steps, peers, pytorch, job, tokenizer, rows, growth, costs },
}).map(([name, suite]) => ({ name, ...suite }));
