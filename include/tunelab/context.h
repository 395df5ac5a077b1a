/* The context: the last error and the thread pool. Everything else is made from one.
 *
 *   tl_context *context = tl_context_create(2);
 *   if (tl_model_create(context, json, length, &model) != TL_OK)
 *     fprintf(stderr, "%s\n", tl_context_error(context));
 *   …
 *   tl_context_free(context);
 *
 * A context and all that is made from it belong to one thread at a time. The pool's threads are its own
 * affair. */
#ifndef TUNELAB_CONTEXT_H
#define TUNELAB_CONTEXT_H

#include "tunelab/api.h"

typedef struct tl_context tl_context;

enum { TL_MAX_THREADS = 64 };

/* Makes a context whose work runs on `threads` threads, the caller's included; clamped to 1..TL_MAX_THREADS,
 * and to 1 in a build without threads. If fewer threads can be started, it runs on those. Results never
 * depend on their number. Returns NULL if memory is out. The caller owns it and frees it after everything
 * made from it. */
TL_API tl_context *tl_context_create(int32_t threads);

/* Stops the threads and frees the context. NULL is allowed. */
TL_API void tl_context_free(tl_context *context);

/* The threads that work runs on (>= 1). */
TL_API int32_t tl_context_threads(const tl_context *context);

/* One sentence about the last call that failed: what was wrong, what was expected. "" if none has failed yet.
 * UTF-8; owned by the context; valid until the next failing call. */
TL_API const char *tl_context_error(const tl_context *context);

/* The bytes of memory that what was made from this context holds now (model blocks, workspaces, columns), and
 * the most it ever held. */
TL_API double tl_context_bytes(const tl_context *context);
TL_API double tl_context_peak_bytes(const tl_context *context);

/* Refuses (TL_ERR_MEMORY) whatever would take tl_context_bytes beyond `bytes`, so that a job which would
 * starve the machine or the page fails early and cleanly. 0 or less lifts the limit; a new context has none.
 */
TL_API void tl_context_set_max_bytes(tl_context *context, double bytes);

#endif
