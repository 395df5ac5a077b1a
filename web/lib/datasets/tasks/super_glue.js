// SuperGLUE's text tasks as one text or a pair: most are more than that, and are written so here.

/**
 * @typedef {Partial<Omit<import("./task_settings.js").TaskSettings, "text_columns">> &
 *   {text_columns: string}} SuperGlueTask columns separated by spaces
 */

/** @type {Record<string, SuperGlueTask>} */
export const SUPER_GLUE = {
  boolq: { text_columns: "question passage" },
  cb: { text_columns: "premise hypothesis" },
  // Which of two sentences is the cause, or the effect, of the first one.
  copa: {
    text_columns: "asked choices",
    add_texts: (row) => ({
      asked: `${row.premise} What was the ${row.question}?`,
      choices: `${row.choice1} Or: ${row.choice2}`,
    }),
  },
  // Whether an answer to a question about a paragraph is right; every answer is a row.
  multirc: {
    text_columns: "paragraph question_answer",
    add_texts: (row) => ({ question_answer: `${row.question} ${row.answer}` }),
    metrics: [{ path: "f1" }, { path: "accuracy" }],
  },
  rte: { text_columns: "premise hypothesis" },
  // Whether a word means the same in two sentences.
  wic: {
    text_columns: "word_sentence1 sentence2",
    add_texts: (row) => ({ word_sentence1: `${row.word}: ${row.sentence1}` }),
  },
  // Whether a pronoun stands for a name.
  wsc: {
    text_columns: "text claim",
    add_texts: (row) => ({ claim: `${row.span2_text} is ${row.span1_text}` }),
  },
};
