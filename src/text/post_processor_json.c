/* Post-processors as tokenizer.json has them: TemplateProcessing read and written; BertProcessing,
 * RobertaProcessing, ByteLevel and sequences of them read as the templates they stand for. */
#include <string.h>

#include "text/json_fields.h"
#include "text/post_processor.h"

static const char where[] = "post_processor";

static tl_status read_special(tl_context *context, const tl_json_value *json, tl_post_processor *out) {
  const char *name = tl_json_name(json);
  const tl_json_value *ids = NULL, *tokens = NULL;
  tl_status status =
      tl_field_container(context, json, "post_processor.special_tokens", "ids", TL_JSON_ARRAY, &ids);
  if (status == TL_OK)
    status =
        tl_field_container(context, json, "post_processor.special_tokens", "tokens", TL_JSON_ARRAY, &tokens);
  if (status == TL_OK)
    status = tl_special_add(context, out, name);
  const tl_json_value *token = tl_json_first(tokens);
  for (const tl_json_value *id = tl_json_first(ids); id != NULL && status == TL_OK; id = tl_json_next(id)) {
    int64_t value;
    if (!tl_json_integer(id, 0, INT32_MAX, &value) || tl_json_kind_of(token) != TL_JSON_STRING)
      return tl_fail(context, TL_ERR_FORMAT,
                     "tokenizer.json: special token \"%s\" of the post_processor needs ids from 0 to %d and "
                     "as many tokens",
                     name, INT32_MAX);
    status = tl_special_add_id(context, out, tl_json_string(token, ""), (int32_t)value);
    token = tl_json_next(token);
  }
  return status;
}

/* Reads {"Sequence": {"id": "A", "type_id": 0}} or {"SpecialToken": {"id": "[CLS]", "type_id": 0}}. */
static tl_status read_piece(tl_context *context, const tl_json_value *json,
                            const tl_post_processor *processor, bool pair, tl_piece *out) {
  static const char place[] = "post_processor template";
  const tl_json_value *sequence = tl_json_get(json, "Sequence");
  const tl_json_value *body = sequence != NULL ? sequence : tl_json_get(json, "SpecialToken");
  if (tl_json_kind_of(body) != TL_JSON_OBJECT)
    return tl_fail(context, TL_ERR_FORMAT,
                   "tokenizer.json: a piece of a %s must be a Sequence or a SpecialToken", place);
  const char *id;
  tl_status status = tl_field_string(context, body, place, "id", &id);
  if (status == TL_OK)
    status = tl_field_index(context, body, place, "type_id", &out->type_id);
  if (status != TL_OK)
    return status;
  if (sequence != NULL) {
    const bool first = strcmp(id, "A") == 0, second = strcmp(id, "B") == 0;
    if (!first && !(second && pair))
      return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: Sequence \"%s\" in the %s for %s; expected %s",
                     id, place, pair ? "pairs" : "single texts", pair ? "A or B" : "A");
    out->kind = first ? TL_PIECE_A : TL_PIECE_B;
    return TL_OK;
  }
  const int64_t special = tl_special_find(processor, id);
  if (special < 0)
    return tl_fail(context, TL_ERR_FORMAT,
                   "tokenizer.json: a %s uses \"%s\", which is not among its special_tokens", place, id);
  out->kind = TL_PIECE_SPECIAL;
  out->special = (size_t)special;
  return TL_OK;
}

static tl_status read_template(tl_context *context, const tl_json_value *json, const char *name, bool pair,
                               tl_post_processor *processor) {
  const tl_json_value *items;
  tl_status status = tl_field_container(context, json, where, name, TL_JSON_ARRAY, &items);
  if (status != TL_OK)
    return status;
  tl_template *template = pair ? &processor->pair : &processor->single;
  for (const tl_json_value *item = tl_json_first(items); item != NULL && status == TL_OK;
       item = tl_json_next(item)) {
    tl_piece piece = {0};
    status = read_piece(context, item, processor, pair, &piece);
    if (status == TL_OK)
      status = tl_template_add(context, processor, template, piece);
  }
  return status;
}

static tl_status read_templates(tl_context *context, const tl_json_value *json, tl_post_processor *out) {
  const tl_json_value *specials;
  tl_status status = tl_field_container(context, json, where, "special_tokens", TL_JSON_OBJECT, &specials);
  for (const tl_json_value *special = status == TL_OK ? tl_json_first(specials) : NULL;
       special != NULL && status == TL_OK; special = tl_json_next(special))
    status = read_special(context, special, out);
  if (status == TL_OK)
    status = read_template(context, json, "single", false, out);
  if (status == TL_OK)
    status = read_template(context, json, "pair", true, out);
  return status;
}

/* Reads BertProcessing's ["[SEP]", 102]. */
static tl_status read_token_id(tl_context *context, const tl_json_value *json, const char *name,
                               const char **token, int32_t *id) {
  const tl_json_value *first = tl_json_first(tl_json_get(json, name));
  int64_t value;
  *token = tl_json_string(first, NULL);
  if (*token == NULL || !tl_json_integer(tl_json_next(first), 0, INT32_MAX, &value))
    return tl_fail(context, TL_ERR_FORMAT, "tokenizer.json: post_processor.%s must be [token, id]", name);
  *id = (int32_t)value;
  return TL_OK;
}

static tl_status read_cls_sep(tl_context *context, const tl_json_value *json, bool roberta,
                              tl_post_processor *out) {
  tl_cls_sep tokens = {0};
  tl_status status = read_token_id(context, json, "cls", &tokens.cls, &tokens.cls_id);
  if (status == TL_OK)
    status = read_token_id(context, json, "sep", &tokens.sep, &tokens.sep_id);
  return status == TL_OK ? tl_post_processor_make_cls_sep(context, &tokens, roberta, out) : status;
}

static const char known[] = "TemplateProcessing, BertProcessing, RobertaProcessing, ByteLevel, Sequence";

/* Reads one that is no Sequence. */
static tl_status read_one(tl_context *context, const tl_json_value *json, const char *type,
                          tl_post_processor *out) {
  if (strcmp(type, "TemplateProcessing") == 0)
    return read_templates(context, json, out);
  if (strcmp(type, "BertProcessing") == 0 || strcmp(type, "RobertaProcessing") == 0)
    return read_cls_sep(context, json, type[0] == 'R', out);
  if (strcmp(type, "ByteLevel") == 0)
    return tl_post_processor_make_plain(context, out);
  return tl_component_unknown(context, where, type, known);
}

/* Reads a Sequence: ByteLevel moves offsets, which are not given; beside it there may be one other. */
static tl_status read_sequence(tl_context *context, const tl_json_value *json, tl_post_processor *out) {
  const tl_json_value *items, *found = NULL;
  const char *type = NULL, *found_type = "ByteLevel";
  tl_status status = tl_field_container(context, json, where, "processors", TL_JSON_ARRAY, &items);
  for (const tl_json_value *item = status == TL_OK ? tl_json_first(items) : NULL;
       item != NULL && status == TL_OK; item = tl_json_next(item)) {
    status = tl_component_type(context, item, where, &type);
    if (status != TL_OK || strcmp(type, "ByteLevel") == 0)
      continue;
    if (found != NULL)
      return tl_fail(context, TL_ERR_UNSUPPORTED,
                     "tokenizer.json: a %s of several templates in a row is not supported", where);
    found = item;
    found_type = type;
  }
  return status == TL_OK ? read_one(context, found, found_type, out) : status;
}

tl_status tl_post_processor_read(tl_context *context, const tl_json_value *json, tl_post_processor *out) {
  const tl_json_kind kind = tl_json_kind_of(json);
  if (kind == TL_JSON_ABSENT || kind == TL_JSON_NULL)
    return tl_post_processor_make_plain(context, out);
  out->present = true;
  const char *type = NULL;
  const tl_status status = tl_component_type(context, json, where, &type);
  if (status != TL_OK)
    return status;
  return strcmp(type, "Sequence") == 0 ? read_sequence(context, json, out)
                                       : read_one(context, json, type, out);
}

static void write_template(const tl_post_processor *processor, const tl_template *template, tl_text *out) {
  for (size_t i = 0; i < template->count; ++i) {
    const tl_piece *piece = &template->pieces[i];
    tl_text_append(out, ",", i > 0);
    if (piece->kind == TL_PIECE_SPECIAL) {
      tl_text_format(out, "{\"SpecialToken\":{\"id\":");
      tl_text_json_string(out,
                          (const char *)processor->strings.items + processor->specials[piece->special].name);
    } else {
      tl_text_format(out, "{\"Sequence\":{\"id\":\"%s\"", piece->kind == TL_PIECE_A ? "A" : "B");
    }
    tl_text_format(out, ",\"type_id\":%d}}", (int)piece->type_id);
  }
}

static void write_special(const tl_post_processor *processor, const tl_special *special, tl_text *out) {
  const char *strings = (const char *)processor->strings.items;
  tl_text_json_string(out, strings + special->name);
  tl_text_format(out, ":{\"id\":");
  tl_text_json_string(out, strings + special->name);
  tl_text_format(out, ",\"ids\":[");
  for (size_t i = special->first; i < special->first + special->count; ++i)
    tl_text_format(out, "%s%d", i > special->first ? "," : "", (int)processor->ids.items[i]);
  tl_text_format(out, "],\"tokens\":[");
  for (size_t i = special->first; i < special->first + special->count; ++i) {
    tl_text_append(out, ",", i > special->first);
    tl_text_json_string(out, strings + processor->tokens[i]);
  }
  tl_text_append(out, "]}", 2);
}

void tl_post_processor_write(const tl_post_processor *processor, tl_text *out) {
  if (!processor->present) {
    tl_text_json_string(out, NULL);
    return;
  }
  tl_text_format(out, "{\"type\":\"TemplateProcessing\",\"single\":[");
  write_template(processor, &processor->single, out);
  tl_text_format(out, "],\"pair\":[");
  write_template(processor, &processor->pair, out);
  tl_text_format(out, "],\"special_tokens\":{");
  for (size_t i = 0; i < processor->specials_count; ++i) {
    tl_text_append(out, ",", i > 0);
    write_special(processor, &processor->specials[i], out);
  }
  tl_text_append(out, "}}", 2);
}
