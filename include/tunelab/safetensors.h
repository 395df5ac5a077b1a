/* Weights in and out of safetensors files, without holding a file in memory.
 *
 *   uint64_t header;
 *   tl_safetensors_header_size(context, first8, file_size, &header);
 *   tl_safetensors_open(context, prefix, 8 + header, file_size, &file);   // the first 8 + header bytes
 *   tl_model_match(model, file, TL_MATCH_REINIT_HEAD);                    // by name and shape; a report
 *   for each read of tl_model_match_report(model)
 *     … fread a piece, then tl_model_load(model, file, tensor, at, bytes, n) …
 *   tl_model_init(model, generator, true);                                // the new head
 *   tl_model_check(model);
 *
 * Definition: the safetensors format (huggingface/safetensors README): u64 length, JSON header, data. */
#ifndef TUNELAB_SAFETENSORS_H
#define TUNELAB_SAFETENSORS_H

#include "tunelab/context.h"
#include "tunelab/model.h"

typedef struct tl_safetensors tl_safetensors;

/* From the first 8 bytes: the header's bytes. TL_ERR_FORMAT if it cannot fit the file (or passes 100 MB, the
 * format's cap). */
TL_API tl_status tl_safetensors_header_size(tl_context *context, const uint8_t first8[8], uint64_t file_size,
                                            uint64_t *out);

/* Parses and checks a header: every tensor's dtype, shape and data_offsets must agree, lie inside the file,
 * and cover it without holes or overlaps; anything else is TL_ERR_FORMAT naming the tensor, and a dtype that
 * the format does not know TL_ERR_UNSUPPORTED. `bytes` (8 + the header's) is not kept. The caller owns
 * *out. */
TL_API tl_status tl_safetensors_open(tl_context *context, const uint8_t *bytes, size_t size,
                                     uint64_t file_size, tl_safetensors **out);
TL_API void tl_safetensors_free(tl_safetensors *file);
TL_API int32_t tl_safetensors_count(const tl_safetensors *file);

/* What to do with a tensor of the head whose shape differs from the model's. */
typedef enum tl_match_mode {
  TL_MATCH_STRICT = 0,      /* transformers' default: TL_ERR_MISMATCH, naming both shapes */
  TL_MATCH_REINIT_HEAD = 1, /* ignore_mismatched_sizes=True: counts as missing, to be initialised */
} tl_match_mode;

/* Pairs the file's tensors with the model's spans by Hugging Face name: with or without the base prefix
 * ("bert.", "distilbert."), and the old names LayerNorm.gamma / beta. A base-model tensor of another shape is
 * TL_ERR_MISMATCH (config and weights disagree), whatever the mode; a dtype other than F32, F16, BF16,
 * F64 (rounded to nearest) is TL_ERR_UNSUPPORTED. */
TL_API tl_status tl_model_match(tl_model *model, const tl_safetensors *file, tl_match_mode mode);

/* JSON, owned by the model, of the last match:
 *   {"missing": [names], "unexpected": [names], "mismatched": [{"name", "file": shape, "model": shape}],
 *    "reads": [{"tensor": index, "name", "dtype", "begin": byte offset in the file, "bytes",
 *               "offset": floats into the weights}, …]}
 * An F32 tensor may be read straight to its place in tl_model_weights (little-endian, as WebAssembly is); any
 * is taken by tl_model_load. Names are sorted, as transformers reports them; reads are in file order. What is
 * mismatched is initialised with the missing but not listed among them; the buffer position_ids of old files
 * is dropped without a word, as in transformers. NULL before the first match. */
TL_API const char *tl_model_match_report(const tl_model *model);

/* Converts n bytes of tensor `tensor`, from byte `at` of it, into the weights. Pieces may be of any size that
 * is a multiple of the dtype's, in any order. TL_ERR_ARGUMENT if `file` is not the one that was last matched,
 * if the model does not read the tensor, or if the piece leaves it. */
TL_API tl_status tl_model_load(tl_model *model, const tl_safetensors *file, int32_t tensor, uint64_t at,
                               const uint8_t *bytes, size_t n);

/* Writing: a file is this header followed by the data of tl_model_save_data (float32, little-endian), in span
 * order. *bytes is owned by the model, until the next call. */
TL_API tl_status tl_model_save_header(tl_model *model, const uint8_t **bytes, size_t *size);

/* How many floats the data has; and floats at … at + n - 1 of it, copied to `out`: the weights, those with
 * LoRA adapters (lora.h) merged. The model does not change. TL_ERR_ARGUMENT if the piece leaves the data. */
TL_API size_t tl_model_save_size(const tl_model *model);
TL_API tl_status tl_model_save_data(const tl_model *model, size_t at, size_t n, float *out);

#endif
