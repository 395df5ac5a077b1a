/* Unicode normalization forms over code points. */
#ifndef TL_TEXT_NORMALIZATION_FORMS_H
#define TL_TEXT_NORMALIZATION_FORMS_H

#include "text/buffers.h"

/* Writes NFD (or NFKD, if `compatible`) of `in` into `out` (emptied first). False: no memory. */
bool tl_normalize_decompose(tl_context *context, const tl_code_points *in, bool compatible,
                            tl_code_points *out);

/* Composes a decomposed text in place: NFD to NFC, NFKD to NFKC. */
void tl_normalize_compose(tl_code_points *points);

#endif
