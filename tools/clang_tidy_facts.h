/* Included before each source file that clang-tidy reads: what its analyser cannot see across files. A call
 * that fails returns the status it was given, so what follows an early return on failure is never reached
 * with it. */
#include "base/context_internal.h"

#define tl_fail(context, status, ...) ((void)(tl_fail)(context, status, __VA_ARGS__), (status))
#define tl_fail_memory(context, what, bytes) ((void)(tl_fail_memory)(context, what, bytes), TL_ERR_MEMORY)
