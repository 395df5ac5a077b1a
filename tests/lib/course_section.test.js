// The course's section "Processing the data" by the Hub's names in Node.js: each line gives what it gives in Python.
import { before, test } from "node:test";
import { run as processing_the_data } from "../browser/programs/processing_the_data.js";
import { assert_section, made_section, mrpc_section, no_mrpc } from "./course_section.js";
import { start_core } from "./support.js";

before(() => start_core());

test("each line gives Python's result on a dataset in MRPC's columns", async (t) => {
  const { options, expected } = await made_section(t);
  assert_section(await processing_the_data(options), expected);
});

test("each line gives Python's result on MRPC itself", { skip: no_mrpc }, async (t) => {
  const { options, expected } = await mrpc_section(t);
  assert_section(await processing_the_data(options), expected);
});
