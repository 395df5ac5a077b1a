/* The memory of a step: what forward leaves for backward, and what backward works in, planned as one block.
 */
#ifndef TL_MODEL_WORKSPACE_H
#define TL_MODEL_WORKSPACE_H

#include "base/arena.h"
#include "model/spans.h"

/* The largest batch that fits, and what forward keeps for backward. */
typedef struct tl_extent {
  int32_t B; /* sequences */
  int32_t T; /* tokens of all sequences */
  int32_t S; /* the longest sequence */
  /* How deep backward can go: -1 to the embeddings, else to this layer; L: it stays in the head; L + 1: there
   * is no backward. What lies below keeps nothing. */
  int32_t lowest;
  /* The layers keep output_sum and its statistics alone, and backward computes the rest again. */
  bool checkpointed;
} tl_extent;

/* One layer's activations. R is T, but B in a last layer where only the [CLS] rows are computed. Layers
 * that keep nothing share them, what backward alone reads is then NULL, and some stand for two (see
 * tl_workspace_lay_out). */
typedef struct tl_layer_state {
  float *x;      /* (T, C) the layer's input */
  float *x_rows; /* (R, C) the rows of x that ask: x itself, in the last layer a copy of the [CLS] rows */
  float *stream; /* (T, C) what the layer adds to: x, in a pre-norm layer what x is the norm of */
  float *stream_rows; /* (R, C) the rows of stream that go on, as x_rows */
  float *q;           /* (R, …) queries, ldq floats from row to row */
  float *k;           /* (T, …) keys, ldkv from row to row */
  float *v;           /* (T, …) values, ldkv from row to row */
  int32_t ldq;        /* 3C: q, k and v are one matrix; C in the last layer */
  int32_t ldkv;       /* 3C; 2C in the last layer */
  float *lse;         /* (R, H) of attention's softmax */
  float *context;     /* (R, C) attention's result */
  /* (rows, r) scaling · A·dropout(input) of a projection with an adapter, rows as its result has; else NULL
   */
  float *lora[TL_PROJECTIONS];
  float *attention_sum;  /* (R, C) x_rows + dropout(dense(context)), before the layer norm */
  float *attention_mean; /* (R) */
  float *attention_rstd; /* (R) */
  float *attention_out;  /* (R, C) the layer norm's result */
  float *hidden;         /* (R, F) before the activation, gated (R, 2F) */
  float *activated;      /* (R, F) after it, until the next layer's */
  float *output_sum;     /* (R, C) attention_out, pre-norm attention_sum, + dropout(dense(activated)) */
  float *output_mean;    /* (R) */
  float *output_rstd;    /* (R) */
  float *out;            /* (R, C) the layer's result, which is the next one's input */
} tl_layer_state;

typedef struct tl_workspace {
  /* One block serves two layouts in turn: training's, and that of batches without gradients, which may have
   * many more tokens in the same bytes. */
  tl_extent extent;  /* as it is laid out now; all 0 while there is no block */
  tl_extent most[2]; /* the largest asked for without [0] and with [1] backward since the block was taken */
  void *block;
  size_t size; /* the block's bytes */

  /* The batch, copied: backward may come after the caller changed or freed it. */
  int32_t *ids;         /* (T) */
  int32_t *types;       /* (T) */
  int32_t *positions;   /* (T) */
  int32_t *offsets;     /* (B + 1) */
  int32_t *cls_offsets; /* (B + 1): 0, 1, … B, one query for each sequence */

  /* Where distances count, or positions turn, NULL without. */
  int32_t *columns;     /* (T) each token's place in its text */
  float *full_angles;   /* (S, D) of rotary positions, see tlk_rope_table, for layers that see all, */
  float *window_angles; /* (S, D) and for layers with a window */
  int32_t reach;        /* the largest distance */
  float *bias;          /* (H, 2·reach + 1) */
  float *d_bias;        /* (B·H, 2·reach + 1) its gradient for each sequence, of one layer at a time */

  float *embedding_sum;   /* (T, E) before the layer norm */
  float *embedding_mean;  /* (T) */
  float *embedding_rstd;  /* (T) */
  float *embedded;        /* (T, E) what the projection to C reads, after dropout; NULL: no projection */
  tl_layer_state *layers; /* (L) */
  float *features;        /* (B, C) the head's input, if it is not the last layer's result: after its
                             dropout, or taken from all tokens' rows; else NULL */
  float *pooled;          /* (B, C) after tanh or ReLU; before GELU, whose backward needs its input */
  float *head_sum;        /* (B, C) what a head's layer norm reads; NULL without, as the next two */
  float *head_mean;       /* (B) */
  float *head_rstd;       /* (B) */
  float *dropped;         /* (B, C) after the classifier's dropout */
  float *dlogits;         /* (B, K) */

  /* Backward's own, NULL where it never goes. */
  float *d_rows;       /* (T, C) gradient of a layer's result, becoming that of its input */
  float *d_cls;        /* (B, C) the same for the [CLS] rows */
  float *d_stream;     /* (T, C) of pre-norm layers: gradient of a sum beside that of its norm */
  float *d_stream_cls; /* (B, C) the same for the [CLS] rows */
  float *d_branch;     /* (T, C) gradient of a dense layer's result before a residual */
  float *d_context;    /* (T, C) gradient of attention's result */
  float *d_wide;  /* (T, max(F, 3C, E)) gradient of the feed-forward's inside, later of q, k and v, last of
                     embedded; forward's activated before */
  float *d_query; /* (B, C) gradient of the last layer's queries */
  float *d_lora;  /* (T, r) gradient of tl_layer_state's lora; NULL without adapters */

  /* (T, C) an adapter's input after dropout, in backward later its gradient; NULL if no adapter drops. */
  float *lora_input;

  float *scratch; /* of the kernels */
} tl_workspace;

/* Lays the workspace out in the arena: counts with a counting arena, takes with a real one. `layers` holds L,
 * or is NULL when counting. */
void tl_workspace_lay_out(tl_workspace *workspace, const tl_config *config, tl_extent extent, int32_t threads,
                          tl_arena *arena);

/* The block's bytes, which may be more than the machine can address; 0 if even 64 bits cannot count them, or
 * if size_t cannot count a kernel's scratch. */
uint64_t tl_workspace_bytes(const tl_config *config, tl_extent extent, int32_t threads);

#endif
