/* Reading the JSON goldens that tests/reference writes: a whole file as a document, and its lists as C
 * arrays. */
#ifndef TL_TEST_GOLDEN_JSON_H
#define TL_TEST_GOLDEN_JSON_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"

/* The bytes of a file, to be freed; NULL (with the reason printed) if it cannot be read. */
static inline uint8_t *read_whole_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) {
    printf("  cannot open %s\n", path);
    return NULL;
  }
  size_t capacity = 1 << 16, used = 0;
  uint8_t *bytes = malloc(capacity);
  size_t got = 0;
  while (bytes != NULL && (got = fread(bytes + used, 1, capacity - used, file)) > 0) {
    used += got;
    if (used == capacity) {
      uint8_t *grown = realloc(bytes, capacity *= 2);
      if (grown == NULL)
        free(bytes);
      bytes = grown;
    }
  }
  fclose(file);
  *size = used;
  return bytes;
}

/* goldens/<name> as a document, to be freed by tl_json_free; NULL (with the reason printed) if it cannot be
 * read. */
static inline tl_json *golden_open(tl_context *context, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", TL_TEST_DATA, name);
  size_t size;
  uint8_t *bytes = read_whole_file(path, &size);
  tl_json *json = NULL;
  if (bytes != NULL && tl_json_parse(context, path, bytes, size, &json) != TL_OK)
    printf("  %s\n", tl_context_error(context));
  free(bytes);
  return json;
}

/* A list of numbers, of integers, and of float32 written as 8 hex digits of their bits. The arrays have room
 * for one element more than the list, so that an empty one is no NULL; to be freed. */
static inline float *golden_floats(const tl_json_value *list, size_t *count) {
  float *out = malloc(((size_t)tl_json_count(list) + 1) * sizeof *out);
  *count = 0;
  for (const tl_json_value *item = tl_json_first(list); out != NULL && item != NULL;
       item = tl_json_next(item))
    out[(*count)++] = (float)tl_json_number(item, 0.0);
  return out;
}

static inline int32_t *golden_integers(const tl_json_value *list, size_t *count) {
  int32_t *out = malloc(((size_t)tl_json_count(list) + 1) * sizeof *out);
  *count = 0;
  for (const tl_json_value *item = tl_json_first(list); out != NULL && item != NULL;
       item = tl_json_next(item))
    out[(*count)++] = (int32_t)tl_json_number(item, 0.0);
  return out;
}

static inline float *golden_hex_floats(const tl_json_value *list, size_t *count) {
  float *out = malloc(((size_t)tl_json_count(list) + 1) * sizeof *out);
  *count = 0;
  for (const tl_json_value *item = tl_json_first(list); out != NULL && item != NULL;
       item = tl_json_next(item)) {
    const uint32_t bits = (uint32_t)strtoul(tl_json_string(item, "7fc00000"), NULL, 16);
    memcpy(&out[(*count)++], &bits, sizeof bits);
  }
  return out;
}

#endif
