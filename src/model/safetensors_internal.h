/* A parsed safetensors header: its tensors in file order. */
#ifndef TL_MODEL_SAFETENSORS_INTERNAL_H
#define TL_MODEL_SAFETENSORS_INTERNAL_H

#include "model/dtype.h"
#include "tunelab/safetensors.h"

enum { TL_TENSOR_MAX_RANK = 8 };

typedef struct tl_tensor {
  const char *name; /* in the file's block of names */
  const tl_dtype *dtype;
  int32_t rank;
  uint64_t shape[TL_TENSOR_MAX_RANK];
  uint64_t begin; /* bytes into the data, which starts at tl_safetensors.data */
  uint64_t end;
} tl_tensor;

struct tl_safetensors {
  tl_context *context;
  tl_tensor *tensors; /* sorted by begin; they cover the data without holes */
  int32_t count;
  const tl_tensor **by_name; /* sorted by name; names are unique */
  char *names;
  uint64_t data; /* byte of the file where the data starts */
};

#endif
