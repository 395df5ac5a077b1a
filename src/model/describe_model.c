/* The model in JSON: its sizes and its span table, for those who read it from another language. */
#include <string.h>

#include "model/model_internal.h"

static void describe_integer(tl_text *text, const char *name, double value) {
  tl_text_json_string(text, name);
  tl_text_format(text, ": %.0f, ", value);
}

static void describe_span(tl_text *text, const tl_span *span) {
  tl_text_format(text, "{\"name\": ");
  tl_text_json_string(text, span->name);
  if (span->rank == 2)
    tl_text_format(text, ", \"shape\": [%d, %d]", (int)span->shape[0], (int)span->shape[1]);
  else
    tl_text_format(text, ", \"shape\": [%d]", (int)span->shape[0]);
  tl_text_format(text, ", \"offset\": %zu, \"size\": %zu, \"decay\": %s, \"head\": %s}", span->offset,
                 span->size, span->decay ? "true" : "false", span->head ? "true" : "false");
}

const char *tl_model_describe(tl_model *model) {
  const tl_config *config = &model->config;
  tl_text text;
  tl_text_init(&text, model->context);
  tl_text_format(&text, "{\"model_type\": ");
  tl_text_json_string(&text, config->architecture->model_type);
  const char *base = config->architecture->base_prefix;
  int name = (int)strlen(base) - 1; /* without the dot */
  tl_text_format(&text, ", \"class_prefix\": \"%s\", \"base_model_prefix\": \"%.*s\", ",
                 config->architecture->class_prefix, name, base);
  describe_integer(&text, "hidden_size", config->C);
  describe_integer(&text, "num_layers", config->L);
  describe_integer(&text, "num_heads", config->H);
  describe_integer(&text, "intermediate_size", config->F);
  describe_integer(&text, "vocab_size", config->V);
  describe_integer(&text, "max_position_embeddings", config->P);
  describe_integer(&text, "type_vocab_size", config->types);
  describe_integer(&text, "num_labels", config->K);
  describe_integer(&text, "parameters", (double)model->parameters);
  tl_text_format(&text, "\"problem_type\": ");
  tl_text_json_string(&text, tl_problem_name(model->problem));
  tl_text_format(&text, ", \"spans\": [");
  for (int32_t i = 0; i < model->at.count; i++) {
    tl_text_append(&text, ", ", i > 0 ? 2 : 0);
    describe_span(&text, &model->spans[i]);
  }
  tl_text_format(&text, "]}");
  if (tl_text_finish(&text) != TL_OK) {
    tl_text_free(&text);
    return NULL;
  }
  tl_text_free(&model->description);
  model->description = text;
  return text.bytes;
}
