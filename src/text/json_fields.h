/* Required fields of tokenizer.json: each either reads its value or fails with a sentence that names the
 * field. */
#ifndef TL_TEXT_JSON_FIELDS_H
#define TL_TEXT_JSON_FIELDS_H

#include "base/json.h"

/* `where` is the object's place in the file, as it appears in the sentence: "model", "added_tokens[3]". */
tl_status tl_field_string(tl_context *context, const tl_json_value *object, const char *where,
                          const char *name, const char **out);
tl_status tl_field_bool(tl_context *context, const tl_json_value *object, const char *where, const char *name,
                        bool *out);
/* An integer within 0..INT32_MAX. */
tl_status tl_field_index(tl_context *context, const tl_json_value *object, const char *where,
                         const char *name, int32_t *out);
/* A string of one character. */
tl_status tl_field_character(tl_context *context, const tl_json_value *object, const char *where,
                             const char *name, uint32_t *out);
/* One of `count` names, as its index; `fallback` (NULL: none) where the field is absent. */
tl_status tl_field_choice(tl_context *context, const tl_json_value *object, const char *where,
                          const char *name, const char *const *names, int count, const char *fallback,
                          int *out);
/* A member of the kind given (an array or an object). */
tl_status tl_field_container(tl_context *context, const tl_json_value *object, const char *where,
                             const char *name, tl_json_kind kind, const tl_json_value **out);

/* The "type" of a component (a normalizer, a decoder …): TL_ERR_FORMAT if it is no object with such a string.
 */
tl_status tl_component_type(tl_context *context, const tl_json_value *component, const char *where,
                            const char **out);

/* TL_ERR_UNSUPPORTED: the component's type is not among the known ones. */
tl_status tl_component_unknown(tl_context *context, const char *where, const char *type, const char *known);

/* Reads one component that is no Sequence, of the type given, into what `out` points to. */
typedef tl_status tl_component_reader(tl_context *context, const tl_json_value *component, const char *type,
                                      void *out);

/* Gives `read` a component, or in order those of a Sequence, whose list is the member `list`; nothing for
 * null and an absent one. TL_ERR_UNSUPPORTED: Sequences nested deeper than 4. */
tl_status tl_component_read(tl_context *context, const tl_json_value *component, const char *where,
                            const char *list, tl_component_reader *read, void *out);

/* Writes a character as a JSON string. */
void tl_text_json_character(tl_text *text, uint32_t character);

#endif
