/* Reading JSON (over cJSON) with case-sensitive lookups and exact kinds, and writing it into a growing text.
 */
#ifndef TL_BASE_JSON_H
#define TL_BASE_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/context_internal.h"

/* A value inside a document; NULL stands for "absent" and every reader below accepts it. */
typedef struct tl_json_value tl_json_value;
typedef struct tl_json tl_json;

typedef enum tl_json_kind {
  TL_JSON_ABSENT,
  TL_JSON_NULL,
  TL_JSON_BOOL,
  TL_JSON_NUMBER,
  TL_JSON_STRING,
  TL_JSON_ARRAY,
  TL_JSON_OBJECT
} tl_json_kind;

/* Parses `size` bytes (not NUL-terminated; trailing bytes other than white space are an error; nesting is
 * bounded). TL_ERR_FORMAT tells the byte where it broke; `what` names the document in the sentence
 * ("config.json"). The bytes must be valid UTF-8 (TL_ERR_FORMAT), so every name and string read later is. A
 * string that holds U+0000, which a C string would silently cut, is TL_ERR_UNSUPPORTED. */
tl_status tl_json_parse(tl_context *context, const char *what, const uint8_t *bytes, size_t size,
                        tl_json **out);
void tl_json_free(tl_json *json); /* NULL is allowed */
const tl_json_value *tl_json_root(const tl_json *json);

tl_json_kind tl_json_kind_of(const tl_json_value *value);
/* A member by name (exact case; linear), or NULL. Of a name given twice, the last, as Python's json reads it.
 */
const tl_json_value *tl_json_get(const tl_json_value *object, const char *name);
/* Members or items in order: first, then next; the name of a member ("" for items); how many. */
const tl_json_value *tl_json_first(const tl_json_value *container);
const tl_json_value *tl_json_next(const tl_json_value *value);
const char *tl_json_name(const tl_json_value *member);
int32_t tl_json_count(const tl_json_value *container);

/* The value, or the fallback if it is absent, null or of another kind. Strings are owned by the document.
 * A number may be infinite (1e999). */
const char *tl_json_string(const tl_json_value *value, const char *fallback);
double tl_json_number(const tl_json_value *value, double fallback);
bool tl_json_bool(const tl_json_value *value, bool fallback);
/* Whether it is a number without fraction within [low, high] (and within ±2^53, where numbers are exact);
 * stores it. */
bool tl_json_integer(const tl_json_value *value, int64_t low, int64_t high, int64_t *out);

/* A growing text. After a failed append the text is marked broken, and tl_text_finish returns TL_ERR_MEMORY.
 */
typedef struct tl_text {
  tl_context *context;
  char *bytes; /* NUL-terminated once anything was appended or the text finished; NULL before */
  size_t size; /* without the NUL */
  size_t capacity;
  bool broken;
} tl_text;

/* Allocates nothing. After tl_text_free the text is as after tl_text_init. */
void tl_text_init(tl_text *text, tl_context *context);
void tl_text_free(tl_text *text);
void tl_text_append(tl_text *text, const char *bytes, size_t size);
void tl_text_format(tl_text *text, const char *format, ...) TL_PRINTF(2, 3);
/* A JSON string with quotes and escapes, invalid UTF-8 replaced (NULL writes null); a number ("null" if it is
 * not finite, the fewest digits that read back). */
void tl_text_json_string(tl_text *text, const char *string);
void tl_text_json_number(tl_text *text, double number);
tl_status tl_text_finish(tl_text *text);

#endif
