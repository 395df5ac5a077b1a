/* config.json: what is read, what is assumed, and how wrong ones are told. */
#include <math.h>

#include "model_fixture.h"

#define SIZES                                                                                                \
  "\"vocab_size\": 20, \"hidden_size\": 12, \"num_hidden_layers\": 2, \"num_attention_heads\": 3, "          \
  "\"intermediate_size\": 20, \"max_position_embeddings\": 10, \"type_vocab_size\": 2"
#define BERT "{\"model_type\": \"bert\", " SIZES
#define ALBERT "{\"model_type\": \"albert\", " SIZES
#define ROBERTA "{\"model_type\": \"roberta\", " SIZES

/* Twelve numbers in two heads, so that each has pairs to turn. */
#define MODERNBERT_SIZES                                                                                     \
  "{\"model_type\": \"modernbert\", \"vocab_size\": 20, \"hidden_size\": 12, \"num_hidden_layers\": 5, "     \
  "\"intermediate_size\": 20, \"max_position_embeddings\": 10, \"pad_token_id\": 0"
#define MODERNBERT MODERNBERT_SIZES ", \"num_attention_heads\": 2"

typedef struct bad_config {
  const char *json;
  tl_status status;
  const char *sentence;
} bad_config;

static const bad_config bad_configs[] = {
    {"[]", TL_ERR_FORMAT, "config.json is not a JSON object"},
    {"{}", TL_ERR_FORMAT, "config.json has no model_type"},
    {"{\"model_type\": 3}", TL_ERR_FORMAT, "config.json has no model_type"},
    {"{\"model_type\": \"gpt2\"}", TL_ERR_UNSUPPORTED,
     "config.json: model_type is \"gpt2\"; the known architectures are bert, distilbert, roberta, "
     "xlm-roberta, camembert, electra, albert, mpnet, modernbert"},
    {"{\"model_type\": \"new\", \"auto_map\": {\"AutoModel\": \"modeling.NewModel\"}}", TL_ERR_UNSUPPORTED,
     "config.json: model_type is \"new\"; the known architectures are bert, distilbert, roberta, "
     "xlm-roberta, camembert, electra, albert, mpnet, modernbert (the Python files that auto_map names are "
     "never run)"},
    {"{\"model_type\": \"bert\"}", TL_ERR_FORMAT, "config.json has no vocab_size"},
    {"{\"model_type\": \"bert\", \"vocab_size\": 20}", TL_ERR_FORMAT, "config.json has no hidden_size"},
    {"{\"model_type\": \"distilbert\", \"vocab_size\": 20}", TL_ERR_FORMAT, "config.json has no dim"},
    {"{\"model_type\": \"bert\", \"vocab_size\": \"20\"}", TL_ERR_FORMAT,
     "config.json: vocab_size must be a whole number from 1 to 16777216"},
    {"{\"model_type\": \"bert\", \"vocab_size\": 0}", TL_ERR_FORMAT,
     "config.json: vocab_size must be a whole number from 1 to 16777216"},
    {"{\"model_type\": \"bert\", \"vocab_size\": 20.5}", TL_ERR_FORMAT,
     "config.json: vocab_size must be a whole number from 1 to 16777216"},
    {"{\"model_type\": \"bert\", \"vocab_size\": 1e99}", TL_ERR_FORMAT,
     "config.json: vocab_size must be a whole number from 1 to 16777216"},
    {BERT ", \"num_labels\": 0}", TL_ERR_FORMAT,
     "config.json: num_labels must be a whole number from 1 to 65536"},
    {BERT ", \"id2label\": {}}", TL_ERR_FORMAT,
     "config.json: id2label must be an object of 1 to 65536 labels"},
    {BERT ", \"id2label\": [\"a\"]}", TL_ERR_FORMAT,
     "config.json: id2label must be an object of 1 to 65536 labels"},
    {BERT ", \"num_attention_heads\": 5}", TL_ERR_MISMATCH,
     "config.json: hidden_size 12 is not a multiple of num_attention_heads 5"},
    {BERT ", \"hidden_act\": \"swish\"}", TL_ERR_UNSUPPORTED,
     "config.json: hidden_act is \"swish\"; known are gelu, gelu_new, gelu_pytorch_tanh and relu"},
    {BERT ", \"problem_type\": \"ranking\"}", TL_ERR_UNSUPPORTED,
     "config.json: problem_type is \"ranking\"; known are regression, single_label_classification and "
     "multi_label_classification"},
    {BERT ", \"problem_type\": \"single_label_classification\", \"num_labels\": 1}", TL_ERR_MISMATCH,
     "config.json: problem_type is \"single_label_classification\", but num_labels is 1: of one class there "
     "is "
     "nothing to learn; use 2 labels, or \"regression\""},
    {BERT ", \"position_embedding_type\": \"relative_key\"}", TL_ERR_UNSUPPORTED,
     "config.json: position_embedding_type is \"relative_key\"; only \"absolute\" is known"},
    {BERT ", \"is_decoder\": true}", TL_ERR_UNSUPPORTED,
     "config.json: is_decoder is true; only encoders are known"},
    {BERT ", \"hidden_dropout_prob\": 1.0}", TL_ERR_FORMAT,
     "config.json: hidden_dropout_prob must be a number from 0 to 0.999"},
    {BERT ", \"attention_probs_dropout_prob\": -0.1}", TL_ERR_FORMAT,
     "config.json: attention_probs_dropout_prob must be a number from 0 to 0.999"},
    {BERT ", \"classifier_dropout\": \"much\"}", TL_ERR_FORMAT,
     "config.json: classifier_dropout must be a number from 0 to 0.999"},
    {BERT ", \"layer_norm_eps\": 0}", TL_ERR_FORMAT,
     "config.json: layer_norm_eps must be a number from 1e-30 to 1"},
    {BERT ", \"pad_token_id\": 20}", TL_ERR_FORMAT,
     "config.json: pad_token_id must be a whole number from -20 to 19, inside the vocabulary"},
    {ALBERT ", \"num_hidden_groups\": 3}", TL_ERR_FORMAT,
     "config.json: num_hidden_groups must be a whole number from 1 to 2"},
    {ALBERT ", \"inner_group_num\": 0}", TL_ERR_FORMAT,
     "config.json: inner_group_num must be a whole number from 1 to 1024"},
    {ALBERT ", \"inner_group_num\": 1000}", TL_ERR_FORMAT,
     "config.json: num_hidden_layers × inner_group_num is 2000; at most 1024 layers can run"},
    {ALBERT ", \"embedding_size\": 0}", TL_ERR_FORMAT,
     "config.json: embedding_size must be a whole number from 1 to 65536"},
    {ROBERTA ", \"pad_token_id\": null}", TL_ERR_MISMATCH,
     "config.json: positions begin after pad_token_id, which must be from 0 to max_position_embeddings - 2 = "
     "8"},
    {ROBERTA ", \"pad_token_id\": 9}", TL_ERR_MISMATCH,
     "config.json: positions begin after pad_token_id, which must be from 0 to max_position_embeddings - 2 = "
     "8"},
    {MODERNBERT_SIZES ", \"num_attention_heads\": 4}", TL_ERR_UNSUPPORTED,
     "config.json: a head of 3 numbers cannot be turned in pairs; its size must be even"},
    {MODERNBERT ", \"pad_token_id\": 20}", TL_ERR_FORMAT,
     "config.json: pad_token_id must be a whole number from -20 to 19, inside the vocabulary"},
    {MODERNBERT ", \"layer_types\": [\"full_attention\"]}", TL_ERR_MISMATCH,
     "config.json: layer_types must be a list with a kind for each of the 5 layers"},
    {MODERNBERT ", \"layer_types\": [\"full_attention\", \"full_attention\", 3, \"x\", \"x\"]}",
     TL_ERR_UNSUPPORTED,
     "config.json: layer_types[2] is \"\"; known are full_attention and sliding_attention"},
    {MODERNBERT ", \"global_attn_every_n_layers\": 0}", TL_ERR_FORMAT,
     "config.json: global_attn_every_n_layers must be a whole number from 1 to 1024"},
    {MODERNBERT ", \"local_attention\": 1}", TL_ERR_FORMAT,
     "config.json: local_attention must be a whole number from 2 to 1048576"},
    {MODERNBERT ", \"local_rope_theta\": \"far\"}", TL_ERR_FORMAT,
     "config.json: sliding_attention's rope_theta (local_rope_theta) must be a number from 1 to 1e12"},
    {MODERNBERT ", \"rope_scaling\": {\"rope_type\": \"yarn\"}}", TL_ERR_UNSUPPORTED,
     "config.json: rope_scaling is not known; only null is"},
    {MODERNBERT ", \"rope_parameters\": {\"full_attention\": {\"rope_type\": \"yarn\"}}}", TL_ERR_UNSUPPORTED,
     "config.json: rope_type is \"yarn\"; only \"default\" is known"},
    {MODERNBERT ", \"rope_parameters\": {\"rope_type\": \"default\", \"rope_theta\": 500.0}}", TL_ERR_FORMAT,
     "config.json: rope_parameters must hold an object for each of full_attention and sliding_attention"},
    {MODERNBERT ", \"classifier_pooling\": \"max\"}", TL_ERR_UNSUPPORTED,
     "config.json: classifier_pooling is \"max\"; known are cls and mean"},
    {"{\"model_type\": \"mpnet\", " SIZES ", \"relative_attention_num_buckets\": 16}", TL_ERR_UNSUPPORTED,
     "config.json: relative_attention_num_buckets is 16, but 32 are read"},
};

TEST(every_wrong_config_is_told_by_its_field) {
  tl_context *context = tl_context_create(1);
  for (size_t i = 0; i < sizeof bad_configs / sizeof *bad_configs; i++) {
    const bad_config *bad = &bad_configs[i];
    tl_model *model = NULL;
    bool ok = CHECK_EQ_INT(tl_model_create(context, (const uint8_t *)bad->json, strlen(bad->json), &model),
                           bad->status) &&
              CHECK_STR(tl_context_error(context), bad->sentence);
    if (!ok)
      printf("    %s\n", bad->json);
    CHECK(model == NULL);
    tl_model_free(model);
  }
  CHECK_NEAR(tl_context_bytes(context), 0.0, 0.0);
  tl_context_free(context);
}

TEST(a_config_that_breaks_off_is_told_as_such) {
  tl_context *context = tl_context_create(1);
  tl_model *model = NULL;
  CHECK_EQ_INT(tl_model_create(context, (const uint8_t *)BERT, strlen(BERT), &model), TL_ERR_FORMAT);
  CHECK(strstr(tl_context_error(context), "config.json") != NULL);
  tl_context_free(context);
}

static tl_config read_config(const char *json) {
  tl_context *context = tl_context_create(1);
  tl_config config = {0};
  if (!CHECK_EQ_INT(tl_config_read(context, (const uint8_t *)json, strlen(json), &config), TL_OK))
    printf("    %s\n", tl_context_error(context));
  tl_context_free(context);
  return config;
}

TEST(what_a_bert_config_leaves_out_has_transformers_default) {
  tl_config config = read_config(BERT "}");
  CHECK_EQ_INT(config.K, 2);
  CHECK_EQ_INT(config.D, 4);
  CHECK_EQ_INT(config.pad, 0);
  CHECK_EQ_INT(config.activation, TL_ACTIVATION_GELU);
  CHECK_EQ_INT(config.problem, TL_PROBLEM_UNKNOWN);
  CHECK_NEAR(config.layer_norm_eps, 1e-12, 1e-19);
  CHECK_NEAR(config.initializer_range, 0.02, 1e-9);
  CHECK_NEAR(config.hidden_dropout, 0.1, 1e-8);
  CHECK_NEAR(config.attention_dropout, 0.1, 1e-8);
  CHECK_NEAR(config.classifier_dropout, 0.1, 1e-8);
}

TEST(berts_classifier_dropout_of_null_is_the_hidden_dropout) {
  CHECK_NEAR(
      read_config(BERT ", \"hidden_dropout_prob\": 0.3, \"classifier_dropout\": null}").classifier_dropout,
      0.3, 1e-7);
  CHECK_NEAR(
      read_config(BERT ", \"hidden_dropout_prob\": 0.3, \"classifier_dropout\": 0.4}").classifier_dropout,
      0.4, 1e-7);
}

TEST(distilbert_has_its_own_names_and_defaults) {
  tl_config config =
      read_config("{\"model_type\": \"distilbert\", \"vocab_size\": 20, \"dim\": 12, \"n_layers\": 3, "
                  "\"n_heads\": 2, \"hidden_dim\": 24, \"max_position_embeddings\": 9, "
                  "\"activation\": \"relu\", \"dropout\": 0.25, \"attention_dropout\": 0.15, "
                  "\"layer_norm_eps\": 0.5, \"pad_token_id\": null, \"sinusoidal_pos_embds\": true}");
  CHECK_EQ_INT(config.C, 12);
  CHECK_EQ_INT(config.L, 3);
  CHECK_EQ_INT(config.H, 2);
  CHECK_EQ_INT(config.F, 24);
  CHECK_EQ_INT(config.P, 9);
  CHECK_EQ_INT(config.types, 0);
  CHECK_EQ_INT(config.pad, -1);
  CHECK_EQ_INT(config.activation, TL_ACTIVATION_RELU);
  CHECK(config.sinusoidal);
  CHECK_NEAR(config.layer_norm_eps, 1e-12, 1e-19); /* DistilBERT's is fixed */
  CHECK_NEAR(config.hidden_dropout, 0.25, 1e-8);
  CHECK_NEAR(config.attention_dropout, 0.15, 1e-8);
  CHECK_NEAR(config.classifier_dropout, 0.2, 1e-8);
}

TEST(robertas_positions_begin_after_its_pad_token) {
  tl_config config = read_config(ROBERTA "}");
  CHECK_EQ_INT(config.pad, 1);
  CHECK_EQ_INT(config.first_position, 2);
  CHECK_EQ_INT(tl_config_position_padding(&config), 1);
  CHECK_NEAR(config.classifier_dropout, 0.1, 1e-8);
  CHECK_EQ_INT(read_config(BERT "}").first_position, 0);
}

TEST(one_formula_of_an_activation_has_several_names) {
  CHECK_EQ_INT(read_config(BERT ", \"hidden_act\": \"gelu_python\"}").activation, TL_ACTIVATION_GELU);
  CHECK_EQ_INT(read_config(BERT ", \"hidden_act\": \"gelu_fast\"}").activation, TL_ACTIVATION_GELU_TANH);
  CHECK_EQ_INT(read_config(BERT ", \"hidden_act\": \"gelu_accurate\"}").activation, TL_ACTIVATION_GELU_TANH);
  CHECK_EQ_INT(read_config(BERT ", \"hidden_act\": \"gelu_python_tanh\"}").activation,
               TL_ACTIVATION_GELU_TANH);
}

TEST(alberts_defaults_are_its_own) {
  tl_config config = read_config(ALBERT "}");
  CHECK_EQ_INT(config.E, 128);
  CHECK_EQ_INT(config.groups, 1);
  CHECK_EQ_INT(config.inner, 1);
  CHECK_EQ_INT(config.activation, TL_ACTIVATION_GELU_TANH);
  CHECK_NEAR(config.hidden_dropout, 0.0, 0.0);
  CHECK_NEAR(config.attention_dropout, 0.0, 0.0);
  CHECK_NEAR(config.classifier_dropout, 0.1, 1e-8);
}

TEST(layers_in_groups_take_the_weights_that_transformers_gives_them) {
  tl_config config = read_config("{\"model_type\": \"albert\", \"vocab_size\": 20, \"hidden_size\": 12, "
                                 "\"num_hidden_layers\": 5, \"num_attention_heads\": 3, "
                                 "\"intermediate_size\": 20, \"max_position_embeddings\": 10, "
                                 "\"type_vocab_size\": 2, \"num_hidden_groups\": 2, \"inner_group_num\": 2}");
  static const int32_t sets[] = {0, 1, 0, 1, 0, 1, 2, 3, 2, 3};
  CHECK_EQ_INT(config.L, 10);
  CHECK_EQ_INT(tl_config_layer_sets(&config), 4);
  for (int32_t layer = 0; layer < 10; layer++)
    CHECK_EQ_INT(tl_config_layer_set(&config, layer), sets[layer]);
}

/* Settings as published checkpoints have them, and the parameters that transformers counts. */
TEST(published_encoders_have_the_parameters_that_transformers_counts) {
  static const struct {
    const char *model_type;
    int32_t V, E, C, L, H, F, P, types;
    size_t parameters;
  } published[] = {
      {"roberta", 50265, 0, 768, 12, 12, 3072, 514, 1, 124647170}, /* roberta-base */
      {"roberta", 50265, 0, 768, 6, 12, 3072, 514, 1, 82119938},   /* distilroberta-base */
      {"xlm-roberta", 250002, 0, 768, 12, 12, 3072, 514, 1, 278045186},
      {"camembert", 32005, 0, 768, 12, 12, 3072, 514, 1, 110623490},
      {"electra", 30522, 128, 256, 12, 4, 1024, 512, 2, 13549314},   /* electra-small-discriminator */
      {"electra", 30522, 768, 768, 12, 12, 3072, 512, 2, 109483778}, /* electra-base-discriminator */
      {"albert", 30000, 128, 768, 12, 12, 3072, 512, 2, 11685122},   /* albert-base-v2 */
  };
  for (size_t i = 0; i < sizeof published / sizeof *published; i++) {
    char json[512];
    snprintf(json, sizeof json,
             "{\"model_type\": \"%s\", \"vocab_size\": %d, \"embedding_size\": %d, \"hidden_size\": %d, "
             "\"num_hidden_layers\": %d, \"num_attention_heads\": %d, \"intermediate_size\": %d, "
             "\"max_position_embeddings\": %d, \"type_vocab_size\": %d}",
             published[i].model_type, (int)published[i].V, (int)published[i].E, (int)published[i].C,
             (int)published[i].L, (int)published[i].H, (int)published[i].F, (int)published[i].P,
             (int)published[i].types);
    tl_config config = read_config(json);
    tl_span_index at;
    CHECK(tl_spans_build(&config, NULL, &at) == published[i].parameters);
  }
}

TEST(modernberts_every_third_layer_sees_all_unless_the_file_says_otherwise) {
  tl_config config = read_config(MODERNBERT ", \"position_embedding_type\": \"sans_pos\"}");
  for (int32_t layer = 0; layer < 5; layer++)
    CHECK_EQ_INT(tl_config_window(&config, layer), layer % 3 == 0 ? 0 : 64);
  CHECK_NEAR(config.full_theta, 160000.0, 0.0);
  CHECK_NEAR(config.window_theta, 10000.0, 0.0);
  CHECK_NEAR(config.layer_norm_eps, 1e-5, 1e-12);
  CHECK_NEAR(config.attention_dropout, 0.0, 0.0);
  CHECK(!config.norm_bias && !config.attention_bias && !config.feed_forward_bias && !config.pooler_bias);
  CHECK(!config.mean_pooling && !tl_config_last_is_full(&config));
}

/* What transformers wrote before 5, and what it writes since. */
TEST(modernberts_old_and_new_names_say_the_same) {
  tl_config old =
      read_config(MODERNBERT ", \"global_attn_every_n_layers\": 2, \"global_rope_theta\": 5000.0, "
                             "\"local_rope_theta\": 300, \"local_attention\": 9}");
  tl_config new = read_config(
      MODERNBERT ", \"layer_types\": [\"full_attention\", \"sliding_attention\", \"full_attention\", "
                 "\"sliding_attention\", \"full_attention\"], \"local_attention\": 9, \"rope_parameters\": "
                 "{\"full_attention\": {\"rope_theta\": 5000.0, \"rope_type\": \"default\"}, "
                 "\"sliding_attention\": {\"rope_theta\": 300.0}}, \"local_rope_theta\": 7}");
  CHECK_EQ_BYTES(&new.full_layers, &old.full_layers, sizeof old.full_layers);
  CHECK_NEAR(new.full_theta, old.full_theta, 0.0);
  CHECK_NEAR(new.window_theta, old.window_theta, 0.0);
  CHECK_NEAR(old.window_theta, 300.0, 0.0);
  CHECK_EQ_INT(tl_config_window(&old, 1), 4);
  CHECK_EQ_INT(tl_config_window(&new, 4), 0);
}

TEST(labels_come_from_num_labels_else_from_id2label) {
  CHECK_EQ_INT(read_config(BERT ", \"id2label\": {\"0\": \"a\", \"1\": \"b\", \"2\": \"c\"}}").K, 3);
  CHECK_EQ_INT(read_config(BERT ", \"num_labels\": 5, \"id2label\": {\"0\": \"a\"}}").K, 5);
}

TEST(a_negative_pad_token_counts_from_the_end_as_torch_counts) {
  CHECK_EQ_INT(read_config(BERT ", \"pad_token_id\": -1}").pad, 19);
}

TEST(the_description_names_every_span_in_order_without_gaps) {
  tl_context *context = tl_context_create(1);
  tl_model *model = model_of(context, BERT ", \"num_labels\": 3}");
  REQUIRE(model != NULL);
  const char *text = tl_model_describe(model);
  tl_json *json = NULL;
  REQUIRE(text != NULL);
  REQUIRE(tl_json_parse(context, "the description", (const uint8_t *)text, strlen(text), &json) == TL_OK);
  const tl_json_value *spans = tl_json_get(tl_json_root(json), "spans");
  CHECK_EQ_INT(tl_json_count(spans), tl_model_span_count(model));
  double offset = 0.0;
  int32_t head = 0;
  for (const tl_json_value *span = tl_json_first(spans); span != NULL; span = tl_json_next(span)) {
    CHECK_NEAR(tl_json_number(tl_json_get(span, "offset"), -1.0), offset, 0.0);
    offset += tl_json_number(tl_json_get(span, "size"), (double)NAN);
    head += tl_json_bool(tl_json_get(span, "head"), false);
    const char *name = tl_json_string(tl_json_get(span, "name"), "");
    bool plain = strstr(name, ".bias") != NULL || strstr(name, "LayerNorm") != NULL;
    CHECK(tl_json_bool(tl_json_get(span, "decay"), plain) == !plain);
  }
  CHECK_NEAR(offset, (double)tl_model_parameter_count(model), 0.0);
  CHECK_NEAR(tl_json_number(tl_json_get(tl_json_root(json), "parameters"), 0.0), offset, 0.0);
  CHECK_EQ_INT(head, 2); /* BERT's pooler belongs to the base model */
  tl_json_free(json);
  tl_model_free(model);
  tl_context_free(context);
}
