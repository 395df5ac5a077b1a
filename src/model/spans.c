/* Builds the span table of an architecture from its names. */
#include "model/spans.h"

#include <stdio.h>

/* Room for the longest prefix, "albert.encoder.albert_layer_groups.1023.albert_layers.1023.". Shorter than a
 * name, so that a name holds it and what follows. */
enum { PREFIX_SIZE = 64 };

/* The table as it grows; spans NULL: only counted. */
typedef struct builder {
  const tl_config *config;
  tl_span *spans;
  tl_span_index *index;
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

static int32_t append_dense(builder *b, const char *prefix, const char *module, int32_t rows, int32_t columns,
                            bool bias) {
  int32_t index = append_matrix(b, prefix, module, rows, columns);
  if (bias)
    append_bias(b, prefix, module, rows);
  return index;
}

static int32_t append_norm(builder *b, const char *prefix, const char *module, int32_t n) {
  int32_t index = append(b, prefix, module, "weight", TL_ROLE_NORM_WEIGHT, n, 1);
  if (b->config->norm_bias)
    append_bias(b, prefix, module, n);
  return index;
}

/* A layer as it grows. */
typedef struct layer_builder {
  builder *table;
  int32_t first; /* the layer's first span */
  char prefix[PREFIX_SIZE];
} layer_builder;

/* Notes where among the layer's spans the one to come lies. */
static void mark(const layer_builder *layer, int32_t part) {
  layer->table->index->part[part] = layer->table->count - layer->first;
}

/* The part `weight` and, if it has one, its bias, which is the next part. */
static void append_layer_dense(const layer_builder *layer, const char *module, tl_layer_part weight,
                               int32_t rows, int32_t columns, bool bias) {
  mark(layer, (int32_t)weight);
  append_matrix(layer->table, layer->prefix, module, rows, columns);
  if (!bias)
    return;
  mark(layer, (int32_t)weight + 1);
  append_bias(layer->table, layer->prefix, module, rows);
}

static void append_layer_norm(const layer_builder *layer, const char *module, tl_layer_part weight) {
  mark(layer, (int32_t)weight);
  if (layer->table->config->norm_bias)
    layer->table->index->part[weight + 1] = layer->table->index->part[weight] + 1;
  append_norm(layer->table, layer->prefix, module, layer->table->config->C);
}

/* Query, key and value: their weights side by side, then their biases; or one matrix. */
static void append_projections(const layer_builder *layer) {
  const tl_config *config = layer->table->config;
  const tl_layer_names *names = config->architecture->layers;
  const char *const modules[] = {names->query, names->key, names->value};
  int32_t count = tl_config_fused(config) ? 1 : 3, rows = 3 * config->C / count;
  for (int32_t i = 0; i < count; i++) {
    mark(layer, (int32_t)TL_PART_QUERY_WEIGHT + i);
    append_matrix(layer->table, layer->prefix, modules[i], rows, config->C);
  }
  for (int32_t i = 0; i < count && config->attention_bias; i++) {
    mark(layer, (int32_t)TL_PART_QUERY_BIAS + i);
    append_bias(layer->table, layer->prefix, modules[i], rows);
  }
}

/* "bert.encoder.layer.1.", of groups "albert.encoder.albert_layer_groups.0.albert_layers.1." */
static void name_layer(const tl_config *config, int32_t set, char prefix[PREFIX_SIZE]) {
  const tl_layer_names *names = config->architecture->layers;
  int32_t group = set / config->inner, inner = set % config->inner;
  const char *base = config->architecture->base_prefix;
  if (names->inner_list == NULL)
    snprintf(prefix, PREFIX_SIZE, "%s%s.%d.", base, names->list, (int)set);
  else
    snprintf(prefix, PREFIX_SIZE, "%s%s.%d.%s.%d.", base, names->list, (int)group, names->inner_list,
             (int)inner);
}

/* The layer's second norm, which in pre-norm layers is what the next layer begins with, or the encoder ends
 * with. */
static void append_last_norm(layer_builder *layer, int32_t set) {
  const tl_config *config = layer->table->config;
  const tl_architecture *architecture = config->architecture;
  if (!tl_config_pre_norm(config)) {
    append_layer_norm(layer, architecture->layers->output_norm, TL_PART_OUTPUT_NORM_WEIGHT);
  } else if (set + 1 < config->L) {
    name_layer(config, set + 1, layer->prefix);
    append_layer_norm(layer, architecture->layers->input_norm, TL_PART_OUTPUT_NORM_WEIGHT);
  } else {
    snprintf(layer->prefix, sizeof layer->prefix, "%s", architecture->base_prefix);
    append_layer_norm(layer, architecture->final_norm, TL_PART_OUTPUT_NORM_WEIGHT);
  }
}

/* A layer's weights, which several layers may share, in the order of tl_layer_part. */
static void append_layer(builder *b, int32_t set) {
  const tl_config *config = b->config;
  const tl_layer_names *names = config->architecture->layers;
  layer_builder layer = {.table = b, .first = b->count};
  name_layer(config, set, layer.prefix);
  append_projections(&layer);
  append_layer_dense(&layer, names->attention_output, TL_PART_ATTENTION_WEIGHT, config->C, config->C,
                     config->attention_bias);
  append_layer_norm(&layer, names->attention_norm, TL_PART_ATTENTION_NORM_WEIGHT);
  append_layer_dense(&layer, names->intermediate, TL_PART_INTERMEDIATE_WEIGHT, tl_config_inside(config),
                     config->C, config->feed_forward_bias);
  append_layer_dense(&layer, names->output, TL_PART_OUTPUT_WEIGHT, config->C, config->F,
                     config->feed_forward_bias);
  append_last_norm(&layer, set);
  b->index->layer_spans = b->count - layer.first;
}

/* The tables in the order in which transformers draws them, their sum's layer norm, and what leads to C. */
static void append_embeddings(builder *b) {
  const tl_config *config = b->config;
  tl_span_index *index = b->index;
  const tl_architecture *architecture = config->architecture;
  const tl_embedding_names *names = architecture->embeddings;
  const char *base = architecture->base_prefix;
  index->word = append_matrix(b, base, names->word, config->V, config->E);
  index->position = index->type = -1;
  if (architecture->types_before_positions)
    index->type = append_matrix(b, base, names->type, config->types, config->E);
  if (names->position != NULL)
    index->position = append_matrix(b, base, names->position, config->P, config->E);
  if (names->type != NULL && index->type < 0)
    index->type = append_matrix(b, base, names->type, config->types, config->E);
  index->embedding_norm = append_norm(b, base, names->norm, config->E);
  index->projection =
      config->projected ? append_dense(b, base, names->projection, config->C, config->E, true) : -1;
}

/* transformers decays no tensor with "bias" in its name, be it a table. */
static int32_t append_relative_bias(builder *b) {
  const tl_architecture *architecture = b->config->architecture;
  int32_t index = append_matrix(b, architecture->base_prefix, architecture->relative_bias,
                                b->config->relative_buckets, b->config->H);
  if (b->spans != NULL)
    b->spans[index].decay = false;
  return index;
}

/* The head: from its first span to the end of the table. */
static void mark_head(builder *b, const tl_span_index *index) {
  int32_t first = b->config->architecture->pooler_is_head ? index->pooler : index->classifier;
  for (int32_t i = first; b->spans != NULL && i < b->count; i++)
    b->spans[i].head = true;
}

size_t tl_spans_build(const tl_config *config, tl_span *spans, tl_span_index *index) {
  const tl_architecture *architecture = config->architecture;
  builder b = {.config = config, .spans = spans, .index = index};

  append_embeddings(&b);
  index->layers = b.count;
  for (int32_t part = 0; part < TL_LAYER_PARTS; part++)
    index->part[part] = -1;
  for (int32_t set = 0; set < tl_config_layer_sets(config); set++)
    append_layer(&b, set);
  index->relative_bias = -1;
  if (architecture->relative_bias != NULL)
    index->relative_bias = append_relative_bias(&b);
  index->pooler = append_dense(&b, "", architecture->pooler, config->C, config->C, config->pooler_bias);
  index->head_norm =
      architecture->head_norm != NULL ? append_norm(&b, "", architecture->head_norm, config->C) : -1;
  index->classifier = append_dense(&b, "", architecture->classifier, config->K, config->C, true);
  index->adapters = b.count;
  index->count = b.count;
  mark_head(&b, index);
  return b.offset <= SIZE_MAX / sizeof(float) ? (size_t)b.offset : 0;
}
