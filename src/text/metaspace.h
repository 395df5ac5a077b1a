/* Metaspace's fields, which its pre-tokenizer and its decoder share. */
#ifndef TL_TEXT_METASPACE_H
#define TL_TEXT_METASPACE_H

#include "base/json.h"

/* Where a text gets a replacement before it: everywhere, only at the beginning of all, nowhere. */
typedef enum tl_prepend_scheme { TL_PREPEND_ALWAYS, TL_PREPEND_FIRST, TL_PREPEND_NEVER } tl_prepend_scheme;

typedef struct tl_metaspace {
  uint32_t replacement; /* the character that stands for a blank: "▁" */
  tl_prepend_scheme prepend;
  bool split; /* whether words are parted before each */
} tl_metaspace;

/* Reads {"type": "Metaspace", …}, of this version or an early one (`where` is its place), and writes it. */
tl_status tl_metaspace_read(tl_context *context, const tl_json_value *json, const char *where,
                            tl_metaspace *out);
void tl_metaspace_write(const tl_metaspace *metaspace, tl_text *out);

#endif
