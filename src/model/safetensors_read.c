/* Reads and checks a safetensors header. The file is not trusted: whatever it claims is checked before it is
 * used. */
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "model/safetensors_internal.h"

/* The format's own cap on the header. */
enum { MAX_HEADER = 100000000 };

/* JSON numbers are exact up to here. */
static const int64_t MAX_NUMBER = (int64_t)1 << 53;

tl_status tl_safetensors_header_size(tl_context *context, const uint8_t first8[8], uint64_t file_size,
                                     uint64_t *out) {
  if (file_size < 8)
    return tl_fail(context, TL_ERR_FORMAT, "the file is too short (%llu bytes) to be a safetensors file",
                   (unsigned long long)file_size);
  uint64_t size = 0;
  for (int i = 7; i >= 0; i--)
    size = size << 8 | first8[i];
  if (size > MAX_HEADER)
    return tl_fail(context, TL_ERR_FORMAT,
                   "this is no safetensors file: its header would have %llu bytes, the format's limit is %d",
                   (unsigned long long)size, (int)MAX_HEADER);
  if (size > file_size - 8)
    return tl_fail(context, TL_ERR_FORMAT,
                   "the safetensors file is truncated: its header has %llu bytes, but the file only %llu",
                   (unsigned long long)size, (unsigned long long)file_size);
  *out = size;
  return TL_OK;
}

static tl_status fail_tensor(const tl_safetensors *file, const tl_tensor *tensor, const char *what) {
  return tl_fail(file->context, TL_ERR_FORMAT, "safetensors header: tensor %s %s", tensor->name, what);
}

/* The shape, and with the dtype the bytes that it takes. */
static tl_status read_shape(const tl_safetensors *file, const tl_json_value *value, tl_tensor *tensor,
                            uint64_t *bytes) {
  if (tl_json_kind_of(value) != TL_JSON_ARRAY)
    return fail_tensor(file, tensor, "has no shape");
  uint64_t product = (uint64_t)tensor->dtype->bytes;
  for (const tl_json_value *item = tl_json_first(value); item != NULL; item = tl_json_next(item)) {
    int64_t extent;
    if (!tl_json_integer(item, 0, MAX_NUMBER, &extent))
      return fail_tensor(file, tensor, "has a shape that is no list of whole numbers");
    if (tensor->rank == TL_TENSOR_MAX_RANK)
      return tl_fail(file->context, TL_ERR_UNSUPPORTED, "tensor %s has more than %d dimensions", tensor->name,
                     (int)TL_TENSOR_MAX_RANK);
    tensor->shape[tensor->rank++] = (uint64_t)extent;
    if (__builtin_mul_overflow(product, (uint64_t)extent, &product))
      return fail_tensor(file, tensor, "has a shape whose size overflows");
  }
  *bytes = product;
  return TL_OK;
}

/* The extent in the data, as it is claimed. */
static tl_status read_offsets(const tl_safetensors *file, const tl_json_value *value, tl_tensor *tensor) {
  const tl_json_value *first = tl_json_kind_of(value) == TL_JSON_ARRAY ? tl_json_first(value) : NULL;
  int64_t begin, end;
  if (tl_json_count(value) != 2 || !tl_json_integer(first, 0, MAX_NUMBER, &begin) ||
      !tl_json_integer(tl_json_next(first), 0, MAX_NUMBER, &end))
    return fail_tensor(file, tensor, "has no data_offsets of two whole numbers");
  if (end < begin)
    return fail_tensor(file, tensor, "has data_offsets that run backwards");
  tensor->begin = (uint64_t)begin;
  tensor->end = (uint64_t)end;
  return TL_OK;
}

static tl_status read_tensor(const tl_safetensors *file, const tl_json_value *member, tl_tensor *tensor) {
  if (tl_json_kind_of(member) != TL_JSON_OBJECT)
    return fail_tensor(file, tensor, "is not described by an object");
  const char *dtype = tl_json_string(tl_json_get(member, "dtype"), NULL);
  if (dtype == NULL)
    return fail_tensor(file, tensor, "has no dtype");
  tensor->dtype = tl_dtype_find(dtype);
  if (tensor->dtype == NULL)
    return tl_fail(file->context, TL_ERR_UNSUPPORTED, "tensor %s has the unknown dtype \"%s\"", tensor->name,
                   dtype);
  uint64_t bytes = 0;
  tl_status status = read_shape(file, tl_json_get(member, "shape"), tensor, &bytes);
  if (status == TL_OK)
    status = read_offsets(file, tl_json_get(member, "data_offsets"), tensor);
  if (status == TL_OK && tensor->end - tensor->begin != bytes)
    status = fail_tensor(file, tensor, "has data_offsets that disagree with its shape and dtype");
  return status;
}

static bool is_metadata(const tl_json_value *member) {
  return strcmp(tl_json_name(member), "__metadata__") == 0;
}

/* Metadata is an object of strings, or absent. */
static tl_status check_metadata(tl_context *context, const tl_json_value *member) {
  bool valid = tl_json_kind_of(member) == TL_JSON_OBJECT;
  for (const tl_json_value *item = tl_json_first(member); item != NULL && valid; item = tl_json_next(item))
    valid = tl_json_kind_of(item) == TL_JSON_STRING;
  return valid ? TL_OK
               : tl_fail(context, TL_ERR_FORMAT,
                         "safetensors header: __metadata__ is not an object of strings");
}

/* Counts the tensors and their names' bytes, and allocates for them. */
static tl_status make_room(tl_safetensors *file, const tl_json_value *root) {
  size_t count = 0;
  size_t name_bytes = 0;
  for (const tl_json_value *member = tl_json_first(root); member != NULL; member = tl_json_next(member)) {
    if (is_metadata(member)) {
      tl_status status = check_metadata(file->context, member);
      if (status != TL_OK)
        return status;
      continue;
    }
    count++;
    name_bytes += strlen(tl_json_name(member)) + 1;
  }
  file->tensors = tl_memory_alloc(file->context, count, sizeof *file->tensors);
  file->by_name = tl_memory_alloc(file->context, count, sizeof *file->by_name);
  file->names = tl_memory_alloc(file->context, name_bytes, 1);
  if (file->tensors == NULL || file->by_name == NULL || file->names == NULL)
    return tl_fail_memory(file->context, "the safetensors header",
                          (double)count * (double)sizeof *file->tensors + (double)name_bytes);
  return TL_OK;
}

static tl_status read_tensors(tl_safetensors *file, const tl_json_value *root) {
  char *name = file->names;
  for (const tl_json_value *member = tl_json_first(root); member != NULL; member = tl_json_next(member)) {
    if (is_metadata(member))
      continue;
    tl_tensor *tensor = &file->tensors[file->count];
    size_t size = strlen(tl_json_name(member)) + 1;
    memcpy(name, tl_json_name(member), size);
    tensor->name = name;
    name += size;
    tl_status status = read_tensor(file, member, tensor);
    if (status != TL_OK)
      return status;
    file->count++;
  }
  return TL_OK;
}

/* By place in the file; empty tensors before what starts at the same place, and those by name. */
static int compare_places(const void *a, const void *b) {
  const tl_tensor *x = a, *y = b;
  if (x->begin != y->begin)
    return x->begin < y->begin ? -1 : 1;
  if (x->end != y->end)
    return x->end < y->end ? -1 : 1;
  return strcmp(x->name, y->name);
}

static int compare_tensor_names(const void *a, const void *b) {
  return strcmp((*(const tl_tensor *const *)a)->name, (*(const tl_tensor *const *)b)->name);
}

/* The tensors must cover the data from its first byte to its last, each byte once. */
static tl_status check_coverage(const tl_safetensors *file, uint64_t data_bytes) {
  uint64_t at = 0;
  for (int32_t i = 0; i < file->count; i++) {
    const tl_tensor *tensor = &file->tensors[i];
    if (tensor->end > data_bytes)
      return tl_fail(
          file->context, TL_ERR_FORMAT,
          "the safetensors file is truncated: tensor %s ends at byte %llu of its data, which has %llu",
          tensor->name, (unsigned long long)tensor->end, (unsigned long long)data_bytes);
    if (tensor->begin < at)
      return fail_tensor(file, tensor, "overlaps the one before it");
    if (tensor->begin > at)
      return fail_tensor(file, tensor, "leaves a hole before it");
    at = tensor->end;
  }
  if (at != data_bytes)
    return tl_fail(file->context, TL_ERR_FORMAT,
                   "safetensors header: the tensors end at byte %llu of the data, which has %llu",
                   (unsigned long long)at, (unsigned long long)data_bytes);
  return TL_OK;
}

static tl_status check_names(tl_safetensors *file) {
  for (int32_t i = 0; i < file->count; i++)
    file->by_name[i] = &file->tensors[i];
  qsort(file->by_name, (size_t)file->count, sizeof *file->by_name, compare_tensor_names);
  for (int32_t i = 1; i < file->count; i++) {
    if (strcmp(file->by_name[i - 1]->name, file->by_name[i]->name) == 0)
      return fail_tensor(file, file->by_name[i], "is there twice");
  }
  return TL_OK;
}

static tl_status read_header(tl_safetensors *file, const tl_json_value *root, uint64_t file_size) {
  if (tl_json_kind_of(root) != TL_JSON_OBJECT)
    return tl_fail(file->context, TL_ERR_FORMAT, "the safetensors header is not a JSON object");
  tl_status status = make_room(file, root);
  if (status == TL_OK)
    status = read_tensors(file, root);
  if (status != TL_OK)
    return status;
  qsort(file->tensors, (size_t)file->count, sizeof *file->tensors, compare_places);
  status = check_names(file);
  if (status == TL_OK)
    status = check_coverage(file, file_size - file->data);
  return status;
}

tl_status tl_safetensors_open(tl_context *context, const uint8_t *bytes, size_t size, uint64_t file_size,
                              tl_safetensors **out) {
  if (size < 8)
    return tl_fail(context, TL_ERR_FORMAT, "a safetensors file starts with 8 bytes, got %zu", size);
  uint64_t header = 0;
  tl_status status = tl_safetensors_header_size(context, bytes, file_size, &header);
  if (status != TL_OK)
    return status;
  if (size != header + 8)
    return tl_fail(context, TL_ERR_ARGUMENT, "the header takes the file's first %llu bytes, got %zu",
                   (unsigned long long)header + 8, size);
  tl_json *json = NULL;
  status = tl_json_parse(context, "the safetensors header", bytes + 8, (size_t)header, &json);
  if (status != TL_OK)
    return status;
  tl_safetensors *file = tl_memory_alloc(context, 1, sizeof *file);
  if (file == NULL) {
    tl_json_free(json);
    return tl_fail_memory(context, "a safetensors file", (double)sizeof *file);
  }
  file->context = context;
  file->data = header + 8;
  status = read_header(file, tl_json_root(json), file_size);
  tl_json_free(json);
  if (status != TL_OK) {
    tl_safetensors_free(file);
    return status;
  }
  *out = file;
  return TL_OK;
}

void tl_safetensors_free(tl_safetensors *file) {
  if (file == NULL)
    return;
  tl_memory_free(file->context, file->names);
  tl_memory_free(file->context, file->by_name);
  tl_memory_free(file->context, file->tensors);
  tl_memory_free(file->context, file);
}

int32_t tl_safetensors_count(const tl_safetensors *file) { return file->count; }
