// The tokenizer classes of transformers that build their tokenizer anew: what each takes from its files, and
// the components around the model.
import { token_content } from "./special_tokens.js";

/** @typedef {import("./special_tokens.js").AddedToken} AddedToken */
/** @typedef {Record<string, any>} Fields */
/** @typedef {[string, number][]} Pieces */

/**
 * What a class is given to build with.
 * @typedef {object} Parts
 * @property {Fields} config an effective config, with the class's defaults below it
 * @property {any} vocab ids by token, or Unigram's pieces
 * @property {any[]} [merges] BPE's
 * @property {string} [charsmap] a precompiled_charsmap
 * @property {Fields | null} [post_processor] tokenizer.json's
 * @property {(name: string) => AddedToken} token a special token by its name, with its id
 * @property {(text: string) => number | null} id of a token of the model
 */

/**
 * @typedef {object} TokenizerClass
 * @property {"WordPiece" | "BPE" | "Unigram"} model
 * @property {string[]} files where the tokens stand if there is no tokenizer.json
 * @property {string[]} inputs the columns that a call returns
 * @property {Fields} defaults its arguments' defaults
 * @property {(parts: Parts) => Fields} build the fields of a tokenizer.json, but for added_tokens
 * @property {(vocab: Pieces, config: Fields) => Pieces} [arrange] the pieces of a SentencePiece
 *   model in the order that the class gives them
 * @property {(name: string, token: any) => any} [special] what it makes of a special token that is
 *   given as text
 */

const SEQUENCES = ["input_ids", "attention_mask"];
const BERT_SEQUENCES = ["input_ids", "token_type_ids", "attention_mask"];
const MARK = "▁";

const BERT_NAMES = {
  unk_token: "[UNK]",
  sep_token: "[SEP]",
  pad_token: "[PAD]",
  cls_token: "[CLS]",
  mask_token: "[MASK]",
};
const ROBERTA_NAMES = {
  bos_token: "<s>",
  eos_token: "</s>",
  sep_token: "</s>",
  cls_token: "<s>",
  unk_token: "<unk>",
  pad_token: "<pad>",
  mask_token: "<mask>",
};
const BERT_SETTINGS = { do_lower_case: true, tokenize_chinese_chars: true, strip_accents: null };

/**
 * TemplateProcessing: pair texts are the pieces, single texts the first `single` of them.
 * @param {[AddedToken | "A" | "B", number][]} pieces each with its type id
 * @param {number} single
 */
function template(pieces, single) {
  const piece = (/** @type {[AddedToken | "A" | "B", number]} */ [id, type_id]) =>
    typeof id === "string"
      ? { Sequence: { id, type_id } }
      : { SpecialToken: { id: id.content, type_id } };
  const tokens = pieces.map(([token]) => token).filter((token) => typeof token !== "string");
  return {
    type: "TemplateProcessing",
    single: pieces.slice(0, single).map(piece),
    pair: pieces.map(piece),
    special_tokens: Object.fromEntries(
      tokens.map(({ id, content }) => [content, { id: content, ids: [id], tokens: [content] }]),
    ),
  };
}

/** [CLS] A [SEP], B [SEP] with type 1. @param {AddedToken} cls @param {AddedToken} sep */
const bert_template = (cls, sep) =>
  // prettier-ignore
  template([[cls, 0], ["A", 0], [sep, 0], ["B", 1], [sep, 1]], 3);

/** <s> A </s>, </s> B </s>, all of type 0. @param {AddedToken} cls @param {AddedToken} sep */
const roberta_template = (cls, sep) =>
  // prettier-ignore
  template([[cls, 0], ["A", 0], [sep, 0], [sep, 0], ["B", 0], [sep, 0]], 3);

/** @param {Parts} parts */
function word_piece({ config, vocab, token }) {
  return {
    normalizer: {
      type: "BertNormalizer",
      clean_text: true,
      handle_chinese_chars: config.tokenize_chinese_chars,
      strip_accents: config.strip_accents,
      lowercase: config.do_lower_case,
    },
    pre_tokenizer: { type: "BertPreTokenizer" },
    decoder: { type: "WordPiece", prefix: "##", cleanup: true },
    model: {
      type: "WordPiece",
      unk_token: token("unk_token").content,
      continuing_subword_prefix: "##",
      max_input_chars_per_word: 100,
      vocab,
    },
  };
}

/** @param {Parts} parts */
function byte_level_bpe({ config, vocab, merges }) {
  const byte_level = {
    type: "ByteLevel",
    add_prefix_space: config.add_prefix_space,
    trim_offsets: true,
    use_regex: true,
  };
  return {
    normalizer: null,
    pre_tokenizer: byte_level,
    decoder: { ...byte_level, add_prefix_space: true },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: "",
      end_of_word_suffix: "",
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: false,
      vocab,
      merges: merges ?? [],
    },
  };
}

/** @param {Parts} parts @param {number} unk_id */
function unigram({ config, vocab, charsmap }, unk_id) {
  const metaspace = {
    type: "Metaspace",
    replacement: MARK,
    prepend_scheme: config.add_prefix_space ? "always" : "never",
    split: true,
  };
  return {
    normalizer: charsmap ? { type: "Precompiled", precompiled_charsmap: charsmap } : null,
    pre_tokenizer: { type: "Sequence", pretokenizers: [{ type: "WhitespaceSplit" }, metaspace] },
    decoder: metaspace,
    model: { type: "Unigram", unk_id, vocab, byte_fallback: false },
  };
}

/** AlbertTokenizer's normalizers. @param {Parts} parts */
function albert_normalizer({ config, charsmap }) {
  const quote = (/** @type {string} */ String) => ({
    type: "Replace",
    pattern: { String },
    content: '"',
  });
  const normalizers = [quote("``"), quote("''")];
  const add = (/** @type {string} */ type, fields = {}) =>
    normalizers.push(/** @type {any} */ ({ type, ...fields }));
  if (!config.keep_accents) {
    add("NFKD");
    add("StripAccents");
  }
  if (config.do_lower_case) add("Lowercase");
  if (charsmap) add("Precompiled", { precompiled_charsmap: charsmap });
  return { type: "Sequence", normalizers };
}

/**
 * The pieces of a SentencePiece model behind fairseq's special tokens.
 * @param {[string, number][]} first
 * @param {number} skipped how many of the model's own go
 * @returns {(vocab: Pieces, config: Fields) => Pieces}
 */
const fairseq = (first, skipped) => (vocab, config) => [
  ...first.map(
    ([name, score]) =>
      /** @type {[string, number]} */ ([token_content(config[name]) ?? name, score]),
  ),
  ...vocab.slice(skipped),
  [String(token_content(config.mask_token)), 0],
];

/** The mask takes the white space before it along. @param {string} name @param {string} content */
const mask_takes_blanks = (name, content) =>
  name === "mask_token" ? { content, lstrip: true } : content;

/** @type {TokenizerClass} */
const bert = {
  model: "WordPiece",
  files: ["vocab.txt"],
  inputs: BERT_SEQUENCES,
  defaults: { ...BERT_SETTINGS, ...BERT_NAMES },
  build: (parts) => ({
    ...word_piece(parts),
    post_processor: bert_template(parts.token("cls_token"), parts.token("sep_token")),
  }),
};

/** @type {TokenizerClass} */
const roberta = {
  model: "BPE",
  files: ["vocab.json", "merges.txt"],
  inputs: SEQUENCES,
  defaults: { ...ROBERTA_NAMES, add_prefix_space: false },
  build: (parts) => ({
    ...byte_level_bpe(parts),
    post_processor: roberta_template(parts.token("cls_token"), parts.token("sep_token")),
  }),
};

/** @type {TokenizerClass} */
const xlm_roberta = {
  model: "Unigram",
  files: ["sentencepiece.bpe.model"],
  inputs: SEQUENCES,
  defaults: { ...ROBERTA_NAMES, add_prefix_space: true },
  // prettier-ignore
  arrange: fairseq([["bos_token", 0], ["pad_token", 0], ["eos_token", 0], ["unk_token", 0]], 3),
  build: (parts) => ({
    ...unigram(parts, 3),
    post_processor: roberta_template(parts.token("bos_token"), parts.token("eos_token")),
  }),
};

/** By name, without "Fast". @type {Record<string, TokenizerClass>} */
export const TOKENIZER_CLASSES = {
  BertTokenizer: bert,
  ElectraTokenizer: bert,
  MobileBertTokenizer: bert,
  DistilBertTokenizer: { ...bert, inputs: SEQUENCES },
  MPNetTokenizer: {
    ...bert,
    inputs: SEQUENCES,
    defaults: { ...BERT_SETTINGS, ...ROBERTA_NAMES, unk_token: "[UNK]" },
    special: mask_takes_blanks,
    build: (parts) => ({
      ...word_piece(parts),
      post_processor: roberta_template(parts.token("cls_token"), parts.token("sep_token")),
    }),
  },
  RobertaTokenizer: roberta,
  BartTokenizer: roberta,
  LongformerTokenizer: roberta,
  GPTNeoXTokenizer: {
    ...roberta,
    defaults: {
      unk_token: "<|endoftext|>",
      bos_token: "<|endoftext|>",
      eos_token: "<|endoftext|>",
      pad_token: "<|padding|>",
      add_prefix_space: false,
    },
    build: (parts) => ({
      ...byte_level_bpe(parts),
      normalizer: { type: "NFC" },
      // prettier-ignore
      post_processor: template([["A", 0], ["B", 1]], 1),
    }),
  },
  XLMRobertaTokenizer: xlm_roberta,
  CamembertTokenizer: {
    ...xlm_roberta,
    defaults: {
      ...xlm_roberta.defaults,
      additional_special_tokens: ["<s>NOTUSED", "</s>NOTUSED", "<unk>NOTUSED"],
    },
    special: mask_takes_blanks,
    // prettier-ignore
    arrange: fairseq(
      [["<s>NOTUSED", 0], ["pad_token", 0], ["</s>NOTUSED", 0], ["unk_token", 0], ["<unk>NOTUSED", -100]],
      1,
    ),
    build: (parts) => ({
      ...unigram(parts, parts.id(parts.token("unk_token").content) ?? 0),
      post_processor: roberta_template(parts.token("bos_token"), parts.token("eos_token")),
    }),
  },
  AlbertTokenizer: {
    ...xlm_roberta,
    files: ["spiece.model"],
    defaults: {
      do_lower_case: true,
      keep_accents: false,
      ...{ ...BERT_NAMES, unk_token: "<unk>", pad_token: "<pad>" },
      ...{ bos_token: "[CLS]", eos_token: "[SEP]", add_prefix_space: true },
    },
    arrange: (vocab) => vocab,
    build: (parts) => ({
      ...unigram(parts, 1),
      normalizer: albert_normalizer(parts),
      post_processor:
        parts.post_processor ?? bert_template(parts.token("cls_token"), parts.token("sep_token")),
    }),
  },
};

/** The class of a model whose files name none. */
export const CLASS_OF_MODEL = /** @type {Record<string, string>} */ ({
  bert: "BertTokenizer",
  distilbert: "BertTokenizer",
  electra: "BertTokenizer",
  mobilebert: "MobileBertTokenizer",
  mpnet: "MPNetTokenizer",
  roberta: "RobertaTokenizer",
  bart: "RobertaTokenizer",
  longformer: "RobertaTokenizer",
  gpt_neox: "GPTNeoXTokenizer",
  "xlm-roberta": "XLMRobertaTokenizer",
  camembert: "CamembertTokenizer",
  albert: "AlbertTokenizer",
});
