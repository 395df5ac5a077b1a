/* The element types of safetensors files, and their conversion to float32. */
#ifndef TL_MODEL_DTYPE_H
#define TL_MODEL_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct tl_dtype {
  const char *name; /* as in the file: "F16" */
  int32_t bytes;    /* of one element */
  /* Converts n elements, little-endian and of any alignment; NULL: weights are not read from this type. */
  void (*to_float)(const uint8_t *bytes, size_t n, float *out);
} tl_dtype;

/* The type of that name, or NULL. Static storage. */
const tl_dtype *tl_dtype_find(const char *name);

#endif
