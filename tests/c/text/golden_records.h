/* Reads what tests/reference/tokenizer_records.py wrote: LEB128 numbers, texts after their length, lists
 * after their count. */
#ifndef TL_TEST_GOLDEN_RECORDS_H
#define TL_TEST_GOLDEN_RECORDS_H

#include "base/golden_json.h"
#include "harness.h"

/* A file read from front to end. Reading past the end gives zeros and marks it broken. */
typedef struct golden_records {
  uint8_t *bytes;
  size_t size;
  size_t at;
  bool broken;
} golden_records;

typedef struct golden_text {
  const uint8_t *bytes; /* inside the records */
  size_t size;
} golden_text;

enum { GOLDEN_LIST = 4096 }; /* numbers that a list of the goldens may hold */

typedef struct golden_list {
  int32_t items[GOLDEN_LIST];
  int32_t count;
} golden_list;

/* Opens folder/name; broken if it cannot be read. */
static inline golden_records records_open(const char *folder, const char *name) {
  char path[1024];
  snprintf(path, sizeof path, "%s/%s", folder, name);
  golden_records records = {0};
  records.bytes = read_whole_file(path, &records.size);
  records.broken = records.bytes == NULL;
  return records;
}

static inline void records_close(golden_records *records) { free(records->bytes); }

static inline uint32_t record_number(golden_records *records) {
  uint32_t value = 0;
  for (int shift = 0; records->at < records->size && shift < 35; shift += 7) {
    const uint8_t byte = records->bytes[records->at++];
    value |= (uint32_t)(byte & 0x7F) << shift;
    if (byte < 0x80)
      return value;
  }
  records->broken = true;
  return 0;
}

static inline golden_text record_text(golden_records *records) {
  const size_t size = record_number(records);
  if (size > records->size - records->at) {
    records->broken = true;
    return (golden_text){0};
  }
  const golden_text text = {records->bytes + records->at, size};
  records->at += size;
  return text;
}

static inline void record_list(golden_records *records, golden_list *out) {
  out->count = (int32_t)record_number(records);
  if (out->count > GOLDEN_LIST) {
    records->broken = true;
    out->count = 0;
  }
  for (int32_t i = 0; i < out->count; ++i)
    out->items[i] = (int32_t)record_number(records);
}

/* CRC-32 as zlib computes it, continued from `sum` (0 at first); four bits at a time. */
static inline uint32_t record_crc(uint32_t sum, const void *bytes, size_t size) {
  static const uint32_t quarters[16] = {
      0x00000000, 0x1DB71064, 0x3B6E20C8, 0x26D930AC, 0x76DC4190, 0x6B6B51F4, 0x4DB26158, 0x5005713C,
      0xEDB88320, 0xF00F9344, 0xD6D6A3E8, 0xCB61B38C, 0x9B64C2B0, 0x86D3D2D4, 0xA00AE278, 0xBDBDF21C};
  sum = ~sum;
  for (size_t i = 0; i < size; ++i) {
    sum ^= ((const uint8_t *)bytes)[i];
    sum = sum >> 4 ^ quarters[sum & 15];
    sum = sum >> 4 ^ quarters[sum & 15];
  }
  return ~sum;
}

#endif
