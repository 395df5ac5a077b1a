/* From one row for each token to one for each sequence, and back. */
#ifndef TL_MODEL_SEQUENCE_ROWS_H
#define TL_MODEL_SEQUENCE_ROWS_H

#include "model/model_internal.h"

/* rows (B × C) = the [CLS] rows of x (T × C). */
void tl_gather_cls(const tl_model *model, const float *x, float *rows);

/* Its adjoint: adds each row where gather took it. */
void tl_scatter_cls(const tl_model *model, const float *rows, float *x);

/* rows (B × C) = the mean of each sequence's rows in x (T × C). */
void tl_mean_rows(const tl_model *model, const float *x, float *rows);

/* Its adjoint: writes dx. */
void tl_mean_rows_backward(const tl_model *model, const float *drows, float *dx);

#endif
