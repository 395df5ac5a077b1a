// A tokenizer that a class builds anew: tokenizer.json's fields from the tokens, the added tokens and the
// class's arguments.
import { TunelabError } from "../core/errors.js";
import { gather_added_tokens, SPECIAL_TOKEN_NAMES, token_content } from "./special_tokens.js";

/** @typedef {import("./special_tokens.js").AddedToken} AddedToken */
/** @typedef {import("./tokenizer_classes.js").TokenizerClass} TokenizerClass */
/** @typedef {Record<string, any>} Fields */

/**
 * What stands in a folder's files.
 * @typedef {object} Tokens
 * @property {any} vocab ids by token, or Unigram's pieces
 * @property {any[]} [merges]
 * @property {string} [charsmap] a precompiled_charsmap in base64
 * @property {Fields | null} [post_processor] tokenizer.json's
 * @property {readonly any[]} [added] tokens that a SentencePiece model adds
 */

/** Precompiled's character map among normalizers. @param {any} normalizer @returns {string | undefined} */
function stored_charsmap(normalizer) {
  const list = normalizer?.type === "Sequence" ? normalizer.normalizers : [normalizer];
  const found = [list]
    .flat()
    .find((each) => each?.type === "Precompiled" && each.precompiled_charsmap);
  return found?.precompiled_charsmap;
}

/**
 * What a class takes from tokenizer.json, or undefined if its model is of another kind.
 * @param {Fields} json
 * @param {TokenizerClass["model"]} kind
 * @returns {Tokens | undefined}
 */
export function tokens_of_json({ model, normalizer, post_processor }, kind) {
  const { type, vocab, merges } = model;
  const untyped = Array.isArray(vocab) ? "Unigram" : merges ? "BPE" : "WordPiece";
  if ((type ?? untyped) !== kind) return undefined;
  const listed = Array.isArray(vocab);
  if (kind === "Unigram" ? !listed : listed || typeof vocab !== "object" || vocab === null)
    return undefined;
  return {
    vocab: listed ? vocab : { ...vocab },
    merges,
    charsmap: stored_charsmap(normalizer),
    post_processor,
  };
}

/** Ids by token, of either form of a vocabulary. @param {any} vocab @returns {Map<string, number>} */
const ids_of = (vocab) =>
  new Map(Array.isArray(vocab) ? vocab.map(([piece], id) => [piece, id]) : Object.entries(vocab));

/**
 * Ids as the tokenizers library gives them: a token of the vocabulary keeps its own, others follow.
 * @param {Map<string, number>} ids
 * @param {number} size of the vocabulary
 * @param {AddedToken[]} tokens
 */
function assign_ids(ids, size, tokens) {
  let last = size - 1;
  for (const token of tokens) {
    token.id = ids.get(token.content) ?? last + 1;
    last = Math.max(last, token.id);
  }
}

/**
 * The config with special tokens as the class makes them of texts.
 * @param {Fields} config
 * @param {TokenizerClass} rules
 */
function with_specials(config, { special }) {
  if (!special) return config;
  const made = SPECIAL_TOKEN_NAMES.filter((name) => typeof config[name] === "string").map(
    (name) => [name, special(name, config[name])],
  );
  return { ...config, ...Object.fromEntries(made) };
}

/**
 * @param {TokenizerClass} rules
 * @param {Tokens} tokens
 * @param {Fields} config an effective config with the class's defaults below it
 * @param {readonly AddedToken[]} stored the added tokens of tokenizer.json, if there is one
 * @param {Record<string, number>} legacy added_tokens.json
 * @returns {Fields} the fields of a tokenizer.json
 */
export function rebuild_tokenizer(rules, tokens, config, stored, legacy) {
  const extra = tokens.added ? { extra_special_tokens: tokens.added } : {};
  const added_tokens = gather_added_tokens(
    { ...with_specials(config, rules), ...extra },
    stored,
    legacy,
  );
  const ids = ids_of(tokens.vocab);
  assign_ids(ids, Array.isArray(tokens.vocab) ? tokens.vocab.length : ids.size, added_tokens);
  const token = (/** @type {string} */ name) => {
    const found = added_tokens.find((each) => each.content === token_content(config[name]));
    if (found) return found;
    throw new TunelabError(
      `tokenizer_config.json has no ${name}; expected a token's text`,
      "TL_ERR_FORMAT",
    );
  };
  const id = (/** @type {string} */ text) => ids.get(text) ?? null;
  const parts = rules.build({ ...tokens, config, token, id });
  return { version: "1.0", truncation: null, padding: null, added_tokens, ...parts };
}
