// The suites in the order in which they run and the report shows them.
import * as products from "./products.js";
import * as steps from "./steps.js";

/** @type {import("./suite.js").Suite[]} */
export const SUITES = Object.entries({ products, steps }).map(([name, suite]) => ({
  name,
  ...suite,
}));
