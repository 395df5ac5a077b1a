/* The context: the last error's sentence, the memory counters and the thread pool. */
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/context_internal.h"
#include "base/memory.h"
#include "base/utf8.h"

enum { MESSAGE_SIZE = 1024 };

struct tl_context {
  tl_pool *pool;
  tl_memory_count memory;
  atomic_flag message_lock; /* tasks of the pool may fail at once */
  char message[MESSAGE_SIZE];
};

tl_context *tl_context_create(int32_t threads) {
  tl_context *context = calloc(1, sizeof *context);
  if (context == NULL)
    return NULL;
  context->memory.limit = SIZE_MAX;
  atomic_flag_clear(&context->message_lock);
  const int32_t clamped = threads < 1 ? 1 : threads > TL_MAX_THREADS ? TL_MAX_THREADS : threads;
  context->pool = tl_pool_create(clamped);
  if (context->pool == NULL) {
    free(context);
    return NULL;
  }
  return context;
}

void tl_context_free(tl_context *context) {
  if (context == NULL)
    return;
  tl_pool_free(context->pool);
  free(context);
}

int32_t tl_context_threads(const tl_context *context) { return tl_pool_threads(context->pool); }

const char *tl_context_error(const tl_context *context) { return context->message; }

double tl_context_bytes(const tl_context *context) { return (double)atomic_load(&context->memory.now); }

double tl_context_peak_bytes(const tl_context *context) { return (double)atomic_load(&context->memory.peak); }

void tl_context_set_max_bytes(tl_context *context, double bytes) {
  const bool limited = bytes > 0.0 && bytes < (double)PTRDIFF_MAX;
  context->memory.limit = limited ? (size_t)bytes : SIZE_MAX;
}

tl_pool *tl_context_pool(tl_context *context) { return context->pool; }

tl_memory_count *tl_context_memory(tl_context *context) { return &context->memory; }

/* Copies text as one line of valid UTF-8: names come from files, and a file may hold anything. */
static void copy_sentence(const char *text, size_t size, char *out, size_t out_size) {
  size_t used = 0;
  for (size_t at = 0; at < size;) {
    size_t taken;
    const uint32_t read = tl_utf8_decode((const uint8_t *)text + at, size - at, &taken);
    const bool control = read < 0x20 || read == 0x7F;
    uint8_t encoded[4];
    const size_t length = tl_utf8_encode(control ? ' ' : read, encoded);
    if (used + length >= out_size)
      break;
    memcpy(out + used, encoded, length);
    used += length;
    at += taken;
  }
  out[used] = '\0';
}

tl_status tl_fail(tl_context *context, tl_status status, const char *format, ...) {
  /* Apart, because an argument may be the last message; longer, so that a character cut in two lies past what
   * is kept. */
  char text[MESSAGE_SIZE + 4];
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf(text, sizeof text, format, arguments);
  va_end(arguments);
  const size_t size = length < 0 ? 0 : (size_t)length < sizeof text ? (size_t)length : sizeof text - 1;
  while (atomic_flag_test_and_set(&context->message_lock)) {
  }
  copy_sentence(text, size, context->message, sizeof context->message);
  atomic_flag_clear(&context->message_lock);
  return status;
}

tl_status tl_fail_memory(tl_context *context, const char *what, double bytes) {
  return tl_fail(
      context, TL_ERR_MEMORY,
      "not enough memory for %s: %.0f bytes (%.1f MB) were needed, and %.0f bytes are already in use", what,
      bytes, bytes / 1e6, tl_context_bytes(context));
}
