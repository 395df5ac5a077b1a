/* Builds the span table of an architecture from its names. */
#include "model/spans.h"

#include <stdio.h>

/* Room for the longest prefix, "distilbert.transformer.layer.1023.". Shorter than a name, so that a name
 * holds it and what follows. */
enum { PREFIX_SIZE = 48 };

/* The table as it grows; spans NULL: only counted. */
typedef struct builder {
  const tl_config *config;
  tl_span *spans;
  int32_t count;
  uint64_t offset;
} builder;

/* Appends a tensor named "<prefix><module>.<leaf>". Returns its index. */
static int32_t append(builder *b, const char *prefix, const char *module, const char *leaf, tl_role role,
                      int32_t rows, int32_t columns) {
  uint64_t size = (uint64_t)rows * (uint64_t)columns;
  if (b->spans != NULL) {
    tl_span *span = &b->spans[b->count];
    *span = (tl_span){
        .role = role,
        .rank = role == TL_ROLE_MATRIX ? 2 : 1,
        .shape = {rows, columns},
        .offset = (size_t)b->offset,
        .size = (size_t)size,
        .decay = role == TL_ROLE_MATRIX,
        .trainable = true,
        .adapter = -1,
    };
    snprintf(span->name, sizeof span->name, "%s%s.%s", prefix, module, leaf);
  }
  b->offset += size;
  return b->count++;
}

static int32_t append_matrix(builder *b, const char *prefix, const char *module, int32_t rows,
                             int32_t columns) {
  return append(b, prefix, module, "weight", TL_ROLE_MATRIX, rows, columns);
}

static int32_t append_bias(builder *b, const char *prefix, const char *module, int32_t n) {
  return append(b, prefix, module, "bias", TL_ROLE_BIAS, n, 1);
}

static int32_t append_dense(builder *b, const char *prefix, const char *module, int32_t rows,
                            int32_t columns) {
  int32_t index = append_matrix(b, prefix, module, rows, columns);
  append_bias(b, prefix, module, rows);
  return index;
}

static int32_t append_norm(builder *b, const char *prefix, const char *module) {
  int32_t index = append(b, prefix, module, "weight", TL_ROLE_NORM_WEIGHT, b->config->C, 1);
  append_bias(b, prefix, module, b->config->C);
  return index;
}

/* In the order of tl_layer_part. */
static void append_layer(builder *b, int32_t layer) {
  const tl_config *config = b->config;
  const tl_weight_names *names = &config->architecture->weights;
  char prefix[PREFIX_SIZE];
  snprintf(prefix, sizeof prefix, "%s%s.%d.", config->architecture->base_prefix, names->layer, (int)layer);
  append_matrix(b, prefix, names->query, config->C, config->C);
  append_matrix(b, prefix, names->key, config->C, config->C);
  append_matrix(b, prefix, names->value, config->C, config->C);
  append_bias(b, prefix, names->query, config->C);
  append_bias(b, prefix, names->key, config->C);
  append_bias(b, prefix, names->value, config->C);
  append_dense(b, prefix, names->attention_output, config->C, config->C);
  append_norm(b, prefix, names->attention_norm);
  append_dense(b, prefix, names->intermediate, config->F, config->C);
  append_dense(b, prefix, names->output, config->C, config->F);
  append_norm(b, prefix, names->output_norm);
}

/* The head: from its first span to the end of the table. */
static void mark_head(builder *b, const tl_span_index *index) {
  int32_t first = b->config->architecture->pooler_is_head ? index->pooler : index->classifier;
  for (int32_t i = first; b->spans != NULL && i < b->count; i++)
    b->spans[i].head = true;
}

size_t tl_spans_build(const tl_config *config, tl_span *spans, tl_span_index *index) {
  const tl_architecture *architecture = config->architecture;
  const tl_weight_names *names = &architecture->weights;
  const char *base = architecture->base_prefix;
  builder b = {.config = config, .spans = spans};

  index->word = append_matrix(&b, base, names->word, config->V, config->C);
  index->position = append_matrix(&b, base, names->position, config->P, config->C);
  index->type = names->type != NULL ? append_matrix(&b, base, names->type, config->types, config->C) : -1;
  index->embedding_norm = append_norm(&b, base, names->embedding_norm);
  index->layers = b.count;
  for (int32_t layer = 0; layer < config->L; layer++)
    append_layer(&b, layer);
  index->pooler = append_dense(&b, "", names->pooler, config->C, config->C);
  index->classifier = append_dense(&b, "", names->classifier, config->K, config->C);
  index->adapters = b.count;
  index->count = b.count;
  mark_head(&b, index);
  return b.offset <= SIZE_MAX / sizeof(float) ? (size_t)b.offset : 0;
}
