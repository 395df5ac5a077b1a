/* tl_describe: the build and the public constants as one JSON literal, each value checked against its header.
 */
#include "tunelab/tunelab.h"

#if defined(__wasm_relaxed_simd__)
#define SIMD "relaxed"
#elif defined(__wasm_simd128__) || defined(__SSE2__) || defined(__ARM_NEON)
#define SIMD "simd"
#else
#define SIMD "scalar"
#endif

#if TL_THREADS
#define THREADS "true"
#define MAX_THREADS "64"
_Static_assert(TL_MAX_THREADS == 64, "max_threads is not TL_MAX_THREADS");
#else
#define THREADS "false"
#define MAX_THREADS "1"
#endif

/* The constants, a list for each enum: the separator before it in JSON, its name, its value. */
#define STATUS(X)                                                                                            \
  X("", TL_OK, 0)                                                                                            \
  X(",", TL_ERR_ARGUMENT, 1)                                                                                 \
  X(",", TL_ERR_MEMORY, 2)                                                                                   \
  X(",", TL_ERR_FORMAT, 3)                                                                                   \
  X(",", TL_ERR_UNSUPPORTED, 4)                                                                              \
  X(",", TL_ERR_MISMATCH, 5)                                                                                 \
  X(",", TL_ERR_NUMERIC, 6)
#define TRUNCATION(X)                                                                                        \
  X("", TL_TRUNCATE_NONE, 0)                                                                                 \
  X(",", TL_TRUNCATE_LONGEST_FIRST, 1)                                                                       \
  X(",", TL_TRUNCATE_ONLY_FIRST, 2)                                                                          \
  X(",", TL_TRUNCATE_ONLY_SECOND, 3)
#define FIELD(X)                                                                                             \
  X("", TL_INPUT_IDS, 0)                                                                                     \
  X(",", TL_ATTENTION_MASK, 1)                                                                               \
  X(",", TL_TOKEN_TYPE_IDS, 2)
#define MATCH_MODE(X)                                                                                        \
  X("", TL_MATCH_STRICT, 0)                                                                                  \
  X(",", TL_MATCH_REINIT_HEAD, 1)
#define AVERAGE(X)                                                                                           \
  X("", TL_AVERAGE_BINARY, 0)                                                                                \
  X(",", TL_AVERAGE_MACRO, 1)                                                                                \
  X(",", TL_AVERAGE_MICRO, 2)                                                                                \
  X(",", TL_AVERAGE_WEIGHTED, 3)
#define LIMITS(X)                                                                                            \
  X("", TL_MAX_THREADS, 64)                                                                                  \
  X(",", TL_ADAMW_MAX_GROUPS, 64)

/* The members' byte offsets in the structs that callers fill; the same in every build. */
#define BERT_OPTIONS(X)                                                                                      \
  X(tl_bert_options, do_lower_case, 0)                                                                       \
  X(tl_bert_options, tokenize_chinese_chars, 4)                                                              \
  X(tl_bert_options, strip_accents, 8)
#define ENCODE_OPTIONS(X)                                                                                    \
  X(tl_encode_options, add_special_tokens, 0)                                                                \
  X(tl_encode_options, truncation, 4)                                                                        \
  X(tl_encode_options, max_length, 8)
#define ADAMW_GROUP(X)                                                                                       \
  X(tl_adamw_group, lr, 0)                                                                                   \
  X(tl_adamw_group, beta1, 8)                                                                                \
  X(tl_adamw_group, beta2, 16)                                                                               \
  X(tl_adamw_group, eps, 24)                                                                                 \
  X(tl_adamw_group, weight_decay, 32)

#define CHECK_VALUE(separator, name, value) _Static_assert(name == value, #name " is not " #value);
STATUS(CHECK_VALUE)
TRUNCATION(CHECK_VALUE)
FIELD(CHECK_VALUE)
MATCH_MODE(CHECK_VALUE)
AVERAGE(CHECK_VALUE)
LIMITS(CHECK_VALUE)

#define CHECK_OFFSET(type, member, offset)                                                                   \
  _Static_assert(offsetof(type, member) == offset, #type "." #member " is not at " #offset);
BERT_OPTIONS(CHECK_OFFSET)
ENCODE_OPTIONS(CHECK_OFFSET)
ADAMW_GROUP(CHECK_OFFSET)
_Static_assert(sizeof(tl_bert_options) == 12, "tl_bert_options is not 12 bytes");
_Static_assert(sizeof(tl_encode_options) == 12, "tl_encode_options is not 12 bytes");
_Static_assert(sizeof(tl_adamw_group) == 40, "tl_adamw_group is not 40 bytes");

#define VALUE_JSON(separator, name, value) separator "\"" #name "\":" #value
#define OFFSET_JSON(type, member, offset) ",\"" #member "\":" #offset
#define MEMBER(name, value) ",\"" name "\":" value
#define ENUM(name, values) MEMBER(name, "{" values(VALUE_JSON) "}")
#define STRUCT(name, size, members) "\"" name "\":{\"size\":" #size members(OFFSET_JSON) "}"

/* The formatter takes adjacent pieces of a literal for nested calls. */
/* clang-format off */
#define STRUCTS                                       \
  "{" STRUCT("tl_bert_options", 12, BERT_OPTIONS)     \
  "," STRUCT("tl_encode_options", 12, ENCODE_OPTIONS) \
  "," STRUCT("tl_adamw_group", 40, ADAMW_GROUP)       \
  "}"

static const char description[] =
  "{\"version\":\"" TL_VERSION "\""
  MEMBER("simd", "\"" SIMD "\"")
  MEMBER("threads", THREADS)
  MEMBER("max_threads", MAX_THREADS)
  ENUM("status", STATUS)
  ENUM("truncation", TRUNCATION)
  ENUM("field", FIELD)
  ENUM("match_mode", MATCH_MODE)
  ENUM("average", AVERAGE)
  ENUM("limits", LIMITS)
  MEMBER("structs", STRUCTS)
  "}";
/* clang-format on */

const char *tl_describe(void) { return description; }

#define STATUS_CASE(separator, name, value)                                                                  \
  case name:                                                                                                 \
    return #name;

const char *tl_status_name(tl_status status) {
  switch (status) { STATUS(STATUS_CASE) }
  return "unknown status";
}
