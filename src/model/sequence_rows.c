/* [CLS] rows taken out and put back, and means over sequences. */
#include "model/sequence_rows.h"

#include <string.h>

void tl_gather_cls(const tl_model *model, const float *x, float *rows) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++)
    memcpy(rows + (size_t)b * C, x + (size_t)model->workspace.offsets[b] * C, C * sizeof *rows);
}

void tl_scatter_cls(const tl_model *model, const float *rows, float *x) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++) {
    float *row = x + (size_t)model->workspace.offsets[b] * C;
    for (size_t c = 0; c < C; c++)
      row[c] += rows[(size_t)b * C + c];
  }
}

/* Sums in double, since a sequence may have thousands of tokens. */
void tl_mean_rows(const tl_model *model, const float *x, float *rows) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++) {
    size_t begin = (size_t)model->workspace.offsets[b], end = (size_t)model->workspace.offsets[b + 1];
    for (size_t c = 0; c < C; c++) {
      double sum = 0.0;
      for (size_t t = begin; t < end; t++)
        sum += (double)x[t * C + c];
      rows[(size_t)b * C + c] = (float)(sum / (double)(end - begin));
    }
  }
}

void tl_mean_rows_backward(const tl_model *model, const float *drows, float *dx) {
  size_t C = (size_t)model->config.C;
  for (int32_t b = 0; b < model->run.B; b++) {
    size_t begin = (size_t)model->workspace.offsets[b], end = (size_t)model->workspace.offsets[b + 1];
    float share = 1.0f / (float)(end - begin);
    for (size_t t = begin; t < end; t++) {
      for (size_t c = 0; c < C; c++)
        dx[t * C + c] = share * drows[(size_t)b * C + c];
    }
  }
}
