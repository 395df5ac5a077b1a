/* BERT as the textbook has it: padded to a rectangle, masked with -infinity, every row of every layer
 * computed, in double. What the packed model leaves out is computed here and must not matter. */
#ifndef TL_TEST_PADDED_REFERENCE_H
#define TL_TEST_PADDED_REFERENCE_H

#include <math.h>

#include "model_fixture.h"

typedef struct padded {
  const tl_model *model;
  int32_t B;
  int32_t S;
  const int32_t *mask; /* (B, S) */
} padded;

static inline double weight_at(const tl_model *model, int32_t span, size_t i) {
  return (double)tl_span_weights(model, span)[i];
}

static inline double *grid(const padded *p, int32_t width) {
  return calloc((size_t)p->B * (size_t)p->S * (size_t)width, sizeof(double));
}

/* y = x·Wᵀ + b on every row of the rectangle; to be freed. */
static inline double *padded_dense(const padded *p, const double *x, int32_t weight, int32_t bias) {
  size_t out = (size_t)p->model->spans[weight].shape[0];
  size_t in = (size_t)p->model->spans[weight].shape[1];
  double *y = grid(p, (int32_t)out);
  for (size_t row = 0; row < (size_t)p->B * (size_t)p->S; row++) {
    for (size_t o = 0; o < out; o++) {
      double sum = weight_at(p->model, bias, o);
      for (size_t i = 0; i < in; i++)
        sum += x[row * in + i] * weight_at(p->model, weight, o * in + i);
      y[row * out + o] = sum;
    }
  }
  return y;
}

/* x = norm(x + y), row by row. */
static inline void padded_add_norm(const padded *p, double *x, const double *y, int32_t norm) {
  size_t C = (size_t)p->model->config.C;
  for (size_t row = 0; row < (size_t)p->B * (size_t)p->S; row++, x += C) {
    double mean = 0.0, variance = 0.0;
    for (size_t c = 0; c < C; c++)
      mean += (x[c] += y != NULL ? y[row * C + c] : 0.0) / (double)C;
    for (size_t c = 0; c < C; c++)
      variance += (x[c] - mean) * (x[c] - mean) / (double)C;
    double rstd = 1.0 / sqrt(variance + (double)p->model->config.layer_norm_eps);
    for (size_t c = 0; c < C; c++)
      x[c] = (x[c] - mean) * rstd * weight_at(p->model, norm, c) + weight_at(p->model, norm + 1, c);
  }
}

/* Attention of sequence b, head h, into context. */
static inline void padded_attend(const padded *p, int32_t b, int32_t h, const double *q, const double *k,
                                 const double *v, double *context) {
  size_t C = (size_t)p->model->config.C, D = (size_t)p->model->config.D, S = (size_t)p->S;
  size_t base = (size_t)b * S * C + (size_t)h * D;
  double scores[64];
  for (size_t i = 0; i < S; i++) {
    double sum = 0.0;
    for (size_t j = 0; j < S; j++) {
      double score = 0.0;
      for (size_t d = 0; d < D; d++)
        score += q[base + i * C + d] * k[base + j * C + d];
      bool seen = p->mask[(size_t)b * S + j] == 1;
      scores[j] = exp(seen ? score / sqrt((double)D) : -(double)INFINITY);
      sum += scores[j];
    }
    for (size_t j = 0; j < S; j++) {
      for (size_t d = 0; d < D; d++)
        context[base + i * C + d] += scores[j] / sum * v[base + j * C + d];
    }
  }
}

static inline void padded_layer(const padded *p, int32_t layer, double *x) {
  const tl_model *model = p->model;
#define SPAN(part) tl_layer_span(model, layer, TL_PART_##part)
  double *q = padded_dense(p, x, SPAN(QUERY_WEIGHT), SPAN(QUERY_BIAS));
  double *k = padded_dense(p, x, SPAN(KEY_WEIGHT), SPAN(KEY_BIAS));
  double *v = padded_dense(p, x, SPAN(VALUE_WEIGHT), SPAN(VALUE_BIAS));
  double *context = grid(p, model->config.C);
  for (int32_t b = 0; b < p->B; b++) {
    for (int32_t h = 0; h < model->config.H; h++)
      padded_attend(p, b, h, q, k, v, context);
  }
  double *attention = padded_dense(p, context, SPAN(ATTENTION_WEIGHT), SPAN(ATTENTION_BIAS));
  padded_add_norm(p, x, attention, SPAN(ATTENTION_NORM_WEIGHT));
  double *hidden = padded_dense(p, x, SPAN(INTERMEDIATE_WEIGHT), SPAN(INTERMEDIATE_BIAS));
  for (size_t i = 0; i < (size_t)p->B * (size_t)p->S * (size_t)model->config.F; i++)
    hidden[i] *= 0.5 * erfc(-hidden[i] / sqrt(2.0));
  double *output = padded_dense(p, hidden, SPAN(OUTPUT_WEIGHT), SPAN(OUTPUT_BIAS));
  padded_add_norm(p, x, output, SPAN(OUTPUT_NORM_WEIGHT));
#undef SPAN
  free(q), free(k), free(v), free(context), free(attention), free(hidden), free(output);
}

/* Logits (B, K) of padded inputs (B, S), S at most 64, dropout off. */
static inline void padded_logits(const padded *p, const int32_t *ids, const int32_t *types, float *logits) {
  const tl_model *model = p->model;
  size_t C = (size_t)model->config.C, K = (size_t)model->config.K;
  double *x = grid(p, model->config.C);
  for (size_t row = 0; row < (size_t)p->B * (size_t)p->S; row++) {
    for (size_t c = 0; c < C; c++)
      x[row * C + c] = weight_at(model, model->at.word, (size_t)ids[row] * C + c) +
                       weight_at(model, model->at.position, row % (size_t)p->S * C + c) +
                       weight_at(model, model->at.type, (size_t)types[row] * C + c);
  }
  padded_add_norm(p, x, NULL, model->at.embedding_norm);
  for (int32_t layer = 0; layer < model->config.L; layer++)
    padded_layer(p, layer, x);
  double *pooled = padded_dense(p, x, model->at.pooler, model->at.pooler + 1);
  for (size_t i = 0; i < (size_t)p->B * (size_t)p->S * C; i++)
    pooled[i] = tanh(pooled[i]);
  double *all = padded_dense(p, pooled, model->at.classifier, model->at.classifier + 1);
  for (size_t b = 0; b < (size_t)p->B; b++) {
    for (size_t k = 0; k < K; k++)
      logits[b * K + k] = (float)all[b * (size_t)p->S * K + k]; /* the [CLS] row is a sequence's first */
  }
  free(x), free(pooled), free(all);
}

#endif
