/* Metaspace as tokenizer.json has it: read and written. */
#include "text/metaspace.h"

#include "text/json_fields.h"

static const char *const schemes[] = {"always", "first", "never"};
enum { SCHEMES = sizeof schemes / sizeof schemes[0] };

tl_status tl_metaspace_read(tl_context *context, const tl_json_value *json, const char *where,
                            tl_metaspace *out) {
  int scheme;
  out->split = tl_json_bool(tl_json_get(json, "split"), true);
  tl_status status = tl_field_character(context, json, where, "replacement", &out->replacement);
  if (status == TL_OK)
    status = tl_field_choice(context, json, where, "prepend_scheme", schemes, SCHEMES, "always", &scheme);
  if (status != TL_OK)
    return status;
  out->prepend = (tl_prepend_scheme)scheme;
  if (!tl_json_bool(tl_json_get(json, "add_prefix_space"), true)) /* how early versions say it */
    out->prepend = TL_PREPEND_NEVER;
  return TL_OK;
}

void tl_metaspace_write(const tl_metaspace *metaspace, tl_text *out) {
  tl_text_format(out, "{\"type\":\"Metaspace\",\"replacement\":");
  tl_text_json_character(out, metaspace->replacement);
  tl_text_format(out, ",\"prepend_scheme\":\"%s\",\"split\":%s}", schemes[metaspace->prepend],
                 metaspace->split ? "true" : "false");
}
