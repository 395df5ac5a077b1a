/* Growing arrays of bytes, code points and ids. Threads of a pool may grow their own. False: no memory (the
 * context has the sentence). */
#ifndef TL_TEXT_BUFFERS_H
#define TL_TEXT_BUFFERS_H

#include "base/context_internal.h"

typedef struct tl_bytes {
  uint8_t *items;
  size_t count;
  size_t capacity;
} tl_bytes;

typedef struct tl_code_points {
  uint32_t *items;
  size_t count;
  size_t capacity;
} tl_code_points;

typedef struct tl_ids {
  int32_t *items;
  size_t count;
  size_t capacity;
} tl_ids;

/* Makes room for at least `more` items behind the `count` there are. */
bool tl_bytes_reserve(tl_context *context, tl_bytes *bytes, size_t more);
bool tl_code_points_reserve(tl_context *context, tl_code_points *points, size_t more);
bool tl_ids_reserve(tl_context *context, tl_ids *ids, size_t more);

/* Appends text. tl_bytes_append_string adds a NUL behind it and stores where the text begins. */
bool tl_bytes_append(tl_context *context, tl_bytes *bytes, const void *text, size_t size);
bool tl_bytes_append_string(tl_context *context, tl_bytes *bytes, const void *text, size_t size,
                            size_t *start);

/* Gives the memory back; the array is then empty. */
void tl_bytes_free(tl_context *context, tl_bytes *bytes);
void tl_code_points_free(tl_context *context, tl_code_points *points);
void tl_ids_free(tl_context *context, tl_ids *ids);

#endif
