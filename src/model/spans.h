/* The span table: where each parameter tensor lies in the model's blocks, in one fixed order. */
#ifndef TL_MODEL_SPANS_H
#define TL_MODEL_SPANS_H

#include "model/config.h"

enum { TL_SPAN_NAME_SIZE = 112 };

/* How transformers' _init_weights treats a tensor. */
typedef enum tl_role {
  TL_ROLE_MATRIX,      /* dense or embedding weight: drawn from the normal distribution */
  TL_ROLE_BIAS,        /* any bias: zeros */
  TL_ROLE_NORM_WEIGHT, /* a layer norm's weight: ones */
  TL_ROLE_LORA_A,      /* as peft draws it; its lora_B, zeros, with it */
  TL_ROLE_LORA_B,
} tl_role;

typedef struct tl_span {
  char name[TL_SPAN_NAME_SIZE]; /* the Hugging Face name */
  tl_role role;
  int32_t rank;      /* 1 or 2 */
  int32_t shape[2];  /* of rank 1: {n, 1} */
  size_t offset;     /* floats into the weights; spans follow each other without gaps */
  size_t size;       /* floats */
  bool decay;        /* in transformers' weight-decay group: no bias, no layer norm */
  bool head;         /* of the head, not of the base model */
  bool trainable;    /* requires_grad */
  bool has_gradient; /* it has a place in the gradients' block (gradients.h), */
  size_t gradient;   /* so many floats into it */
  bool missing;      /* the last match did not find it in the file */
  int32_t adapter;   /* of a matrix with LoRA, its lora_A, which its lora_B follows; else -1 */
} tl_span;

/* The order of a layer's spans. Query, key and value lie side by side, so that they are one (3C × C) matrix;
 * where a file holds them as one, that is the query, and key and value are absent. */
typedef enum tl_layer_part {
  TL_PART_QUERY_WEIGHT,
  TL_PART_KEY_WEIGHT,
  TL_PART_VALUE_WEIGHT,
  TL_PART_QUERY_BIAS,
  TL_PART_KEY_BIAS,
  TL_PART_VALUE_BIAS,
  TL_PART_ATTENTION_WEIGHT,
  TL_PART_ATTENTION_BIAS,
  TL_PART_ATTENTION_NORM_WEIGHT,
  TL_PART_ATTENTION_NORM_BIAS,
  TL_PART_INTERMEDIATE_WEIGHT,
  TL_PART_INTERMEDIATE_BIAS,
  TL_PART_OUTPUT_WEIGHT,
  TL_PART_OUTPUT_BIAS,
  TL_PART_OUTPUT_NORM_WEIGHT,
  TL_PART_OUTPUT_NORM_BIAS,
  TL_LAYER_PARTS
} tl_layer_part;

/* The matrices of a layer that LoRA can adapt, in the order of their spans. */
typedef enum tl_projection {
  TL_PROJECTION_QUERY,
  TL_PROJECTION_KEY,
  TL_PROJECTION_VALUE,
  TL_PROJECTION_OUTPUT, /* attention's dense layer */
  TL_PROJECTIONS
} tl_projection;

/* Indices into the table. The bias of a layer norm or a dense layer, if it has one, follows its weight. */
typedef struct tl_span_index {
  int32_t word;
  int32_t position; /* -1: no table of positions */
  int32_t type;     /* -1: no token types */
  int32_t embedding_norm;
  int32_t projection;           /* from the embedding to the hidden size; -1: none */
  int32_t layers;               /* set s's part p, if there is one: layers + s × layer_spans + part[p] */
  int32_t layer_spans;          /* spans of a layer */
  int32_t part[TL_LAYER_PARTS]; /* -1: the architecture has no such part */
  int32_t relative_bias;        /* attention's bias by distance; -1: none */
  int32_t pooler;
  int32_t head_norm; /* -1: none */
  int32_t classifier;
  int32_t
      adapters; /* the first of LoRA's spans, which follow all that a file holds; count if there are none */
  int32_t count;
} tl_span_index;

/* Fills the index and, if `spans` is not NULL, the table (index.count entries, as a first call with NULL
 * tells). Returns the parameters of all spans together; 0 if their bytes do not fit in size_t. */
size_t tl_spans_build(const tl_config *config, tl_span *spans, tl_span_index *index);

#endif
