/* What every public header needs: the export mark, fixed-width types and the status codes. */
#ifndef TUNELAB_API_H
#define TUNELAB_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The version of this interface, semantic. */
#define TL_VERSION "0.1.0"

/* Marks a public function. The WebAssembly builds export exactly the functions that carry it. */
#ifdef __cplusplus
#define TL_API extern "C"
#else
#define TL_API extern
#endif

/* How a call ended. Every function that can fail returns one of these; the context keeps a sentence about it
 * (tl_context_error). On any status but TL_OK the function's outputs are untouched. */
typedef enum tl_status {
  TL_OK = 0,
  TL_ERR_ARGUMENT = 1,    /* the caller broke the contract: a value out of range, a call out of order */
  TL_ERR_MEMORY = 2,      /* memory could not be had, or a size does not fit in it */
  TL_ERR_FORMAT = 3,      /* bytes are not what they claim to be: truncated, malformed, lying */
  TL_ERR_UNSUPPORTED = 4, /* valid, but not something this core knows */
  TL_ERR_MISMATCH = 5,    /* two valid things disagree: weights and config, label and num_labels */
  TL_ERR_NUMERIC = 6,     /* NaN or infinity where a number must be */
} tl_status;

/* The name of a status as written above ("TL_OK"). Static storage; never NULL. */
TL_API const char *tl_status_name(tl_status status);

/* A JSON object that describes this build, so that other languages duplicate no constant:
 *   {"version", "simd": "relaxed"|"simd"|"scalar", "threads": bool, "max_threads": n,
 *    "status": {"TL_OK": 0, …}, and likewise "truncation", "field", "match_mode", "average": the enums tl_…,
 *    "limits": {"TL_ADAMW_MAX_GROUPS": n, …},
 *    "structs": {"tl_adamw_group": {"size": bytes, "lr": byte offset, …}, …}: those that callers fill}
 * Static storage; never NULL. */
TL_API const char *tl_describe(void);

#endif
