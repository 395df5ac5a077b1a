/* SentencePiece's precompiled character map: short texts, and what each becomes.
 *
 * It is a double array (a trie in two interleaved tables, as Darts lays it out) and the replacements, each
 * with a NUL behind it. */
#ifndef TL_TEXT_CHARSMAP_H
#define TL_TEXT_CHARSMAP_H

#include "base/json.h"
#include "text/buffers.h"

typedef struct tl_charsmap {
  tl_bytes bytes;      /* as in the file: the array's bytes (4), the array, the replacements */
  uint32_t *units;     /* the array */
  size_t units_count;  /* 0: there is no map */
  size_t replacements; /* where they begin in `bytes` */
} tl_charsmap;

/* Takes a map as SentencePiece has it. TL_ERR_FORMAT if it is none. */
tl_status tl_charsmap_make(tl_context *context, const uint8_t *bytes, size_t size, tl_charsmap *out);
/* Reads the base64 that tokenizer.json has, and writes it as a string. */
tl_status tl_charsmap_read(tl_context *context, const char *base64, tl_charsmap *out);
void tl_charsmap_write(const tl_charsmap *map, tl_text *out);
void tl_charsmap_free(tl_context *context, tl_charsmap *map);

/* Appends valid UTF-8 with what the map replaces, cluster by cluster. False: no memory. */
bool tl_charsmap_run(tl_context *context, const tl_charsmap *map, const uint8_t *text, size_t size,
                     tl_bytes *out);

#endif
