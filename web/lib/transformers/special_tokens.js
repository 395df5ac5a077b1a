// The special and added tokens of a tokenizer folder, gathered from its files in transformers' order
// of precedence.

/**
 * @typedef {object} AddedToken a token of tokenizer.json's added_tokens
 * @property {number} [id]
 * @property {string} content
 * @property {boolean} single_word
 * @property {boolean} lstrip
 * @property {boolean} rstrip
 * @property {boolean} normalized
 * @property {boolean} special
 */

/** The named special tokens, in transformers' order: it is the order in which they are added. */
export const SPECIAL_TOKEN_NAMES = [
  "bos_token",
  "eos_token",
  "unk_token",
  "sep_token",
  "pad_token",
  "cls_token",
  "mask_token",
];

/** The text of a special token, which files hold as text or as an object. @param {any} token */
export const token_content = (token) =>
  token === null || token === undefined ? null : String(token.content ?? token);

/** @param {any} token text or an object @param {boolean} special @returns {AddedToken} */
function added_token(token, special) {
  const given = typeof token === "object" ? token : {};
  const is_special = given.special ?? special;
  return {
    content: String(token.content ?? token),
    single_word: given.single_word ?? false,
    lstrip: given.lstrip ?? false,
    rstrip: given.rstrip ?? false,
    normalized: given.normalized ?? !is_special,
    special: is_special,
  };
}

/** @param {Record<string, any>} config @returns {any[]} */
function extra_tokens(config) {
  const extra = config.extra_special_tokens ?? config.additional_special_tokens ?? [];
  return Array.isArray(extra) ? extra : Object.values(extra);
}

/**
 * tokenizer_config.json as it counts: special_tokens_map.json goes above it, unless the config lists
 * its added tokens itself; what the caller passes goes above both.
 * @param {Record<string, any>} config
 * @param {Record<string, any> | undefined} special_tokens_map
 * @param {Record<string, any>} overrides
 * @returns {Record<string, any>}
 */
export function effective_config(config, special_tokens_map, overrides) {
  const above = "added_tokens_decoder" in config ? {} : special_tokens_map;
  return { ...config, ...above, ...overrides };
}

/**
 * The tokens beside the model's vocabulary, in the order in which they are added.
 * @param {Record<string, any>} config an effective config
 * @param {readonly AddedToken[]} stored tokenizer.json's
 * @param {Record<string, number>} legacy added_tokens.json's
 * @returns {AddedToken[]}
 */
export function gather_added_tokens(config, stored, legacy) {
  const named = SPECIAL_TOKEN_NAMES.map((name) => config[name]).filter((token) => token ?? false);
  const specials = [...named, ...extra_tokens(config)];
  const special_texts = new Set(specials.map(token_content));
  /** @type {[number, AddedToken][]} */
  const listed = config.added_tokens_decoder
    ? Object.entries(config.added_tokens_decoder).map(([id, token]) => [
        Number(id),
        added_token(token, false),
      ])
    : [
        ...Object.entries(legacy).map(
          ([text, id]) =>
            /** @type {[number, AddedToken]} */ ([id, added_token(text, special_texts.has(text))]),
        ),
        ...stored.map(
          (token) =>
            /** @type {[number, AddedToken]} */ ([Number(token.id), added_token(token, false)]),
        ),
      ];
  const tokens = [...new Map(listed)].sort(([a], [b]) => a - b).map(([, token]) => token);
  const known = new Set(tokens.map((token) => token.content));
  for (const special of specials) {
    const token = added_token(special, true);
    if (!known.has(token.content)) tokens.push(token);
    known.add(token.content);
  }
  const named_texts = new Set(named.map(token_content));
  for (const token of tokens) token.special ||= named_texts.has(token.content);
  return tokens;
}
