/* The result of encoding, filled from what the threads made. */
#ifndef TL_TEXT_ENCODING_INTERNAL_H
#define TL_TEXT_ENCODING_INTERNAL_H

#include "text/tokenizer_internal.h"

/* Joins the workers' rows (n in all), first worker first. The encoding stays as it was on any status but
 * TL_OK. */
tl_status tl_encoding_join(tl_encoding *encoding, const tl_encode_worker *workers, int32_t count, int32_t n);

#endif
