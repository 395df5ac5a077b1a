/* Pairing a file's tensors with spans: names as transformers knows them, and the report. */
#ifndef TL_MODEL_MATCH_H
#define TL_MODEL_MATCH_H

#include "model/model_internal.h"
#include "model/safetensors_internal.h"

enum {
  TL_MATCH_NAME_SIZE = 256,  /* more than any span's name needs */
  TL_MATCH_SHAPE_SIZE = 192, /* "[…]" of TL_TENSOR_MAX_RANK numbers of 20 digits */
};

/* The name with an old "LayerNorm.gamma" or "LayerNorm.beta" at its end replaced by weight or bias: in the
 * buffer, or the name itself if there is nothing to replace. */
const char *tl_match_modern_name(const char *name, char buffer[TL_MATCH_NAME_SIZE]);

bool tl_match_same_shape(const tl_tensor *tensor, const tl_span *span);

/* Shapes as JSON and as text: "[2, 384]". */
void tl_match_tensor_shape(const tl_tensor *tensor, char out[TL_MATCH_SHAPE_SIZE]);
void tl_match_span_shape(const tl_span *span, char out[TL_MATCH_SHAPE_SIZE]);

/* Writes the report of tl_model_match_report. spans: of each tensor the span or -1; taken: of each span the
 * tensor or -1. */
tl_status tl_match_write_report(const tl_model *model, const tl_safetensors *file, const int32_t *spans,
                                const int32_t *taken, tl_text *report);

#endif
