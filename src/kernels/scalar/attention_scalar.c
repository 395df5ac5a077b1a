/* Softmax and attention as their formulas read, one query and one key at a time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "kernels/scalar/scalar_twins.h"

float tlk_softmax_row_scalar(int32_t n, float scale, float *x) {
  double largest = -HUGE_VAL;
  double sum = 0.0;
  for (int32_t j = 0; j < n; j++)
    largest = fmax(largest, (double)scale * (double)x[j]);
  for (int32_t j = 0; j < n; j++)
    sum += exp((double)scale * (double)x[j] - largest);
  for (int32_t j = 0; j < n; j++)
    x[j] = (float)(exp((double)scale * (double)x[j] - largest) / sum);
  return (float)(largest + log(sum));
}

void tlk_softmax_row_from_lse_scalar(int32_t n, float scale, float lse, float *x) {
  for (int32_t j = 0; j < n; j++)
    x[j] = (float)exp((double)scale * (double)x[j] - (double)lse);
}

static double dot(const float *a, const float *b, int32_t n) {
  double sum = 0.0;
  for (int32_t i = 0; i < n; i++)
    sum += (double)a[i] * (double)b[i];
  return sum;
}

/* y += factor·x */
static void add_scaled(float *y, double factor, const float *x, int32_t n) {
  for (int32_t i = 0; i < n; i++)
    y[i] += (float)(factor * (double)x[i]);
}

/* The dropout's factor of an element: 0 if it is dropped, else 1 / (1 - p). */
static double dropout_factor(tlk_dropout dropout, uint32_t element) {
  if (!tlk_dropout_on(dropout))
    return 1.0;
  return tlk_dropout_keep(dropout, element) ? (double)tlk_dropout_scale(dropout) : 0.0;
}

/* Whether a query of sequence b sees a key: both rows of all. */
static bool sees(const tlk_attention *shape, int32_t b, size_t query, size_t key) {
  const size_t own = (size_t)shape->kv_offsets[b] + (query - (size_t)shape->q_offsets[b]);
  return shape->window == 0 || abs(shape->columns[key] - shape->columns[own]) <= shape->window;
}

/* Where in a bias's row the distance from a query of sequence b to a key lies. */
static size_t distance(const tlk_attention *shape, int32_t b, size_t query, size_t key) {
  const size_t own = (size_t)shape->kv_offsets[b] + (query - (size_t)shape->q_offsets[b]);
  return (size_t)(shape->reach + shape->columns[key] - shape->columns[own]);
}

static size_t bias_width(const tlk_attention *shape) { return 2 * (size_t)shape->reach + 1; }

/* scale·q·k and the bias; -infinity for a key that is not seen. */
static double score(const tlk_attention *shape, int32_t b, int32_t h, const float *query, size_t i,
                    const float *key, size_t j) {
  if (!sees(shape, b, i, j))
    return -HUGE_VAL;
  const double product = (double)shape->scale * dot(query, key, shape->D);
  const size_t row = (size_t)h * bias_width(shape);
  return product + (shape->bias ? (double)shape->bias[row + distance(shape, b, i, j)] : 0.0);
}

void tlk_attention_forward_scalar(const tlk_attention *shape, const float *q, int32_t ldq, const float *k,
                                  int32_t ldk, const float *v, int32_t ldv, float *out, int32_t ldo,
                                  float *lse) {
  const int32_t D = shape->D;
  uint32_t element = 0;
  for (int32_t b = 0; b < shape->B; b++)
    for (int32_t h = 0; h < shape->H; h++)
      for (size_t i = (size_t)shape->q_offsets[b]; i < (size_t)shape->q_offsets[b + 1]; i++) {
        const size_t begin = (size_t)shape->kv_offsets[b], end = (size_t)shape->kv_offsets[b + 1];
        const size_t head = (size_t)h * (size_t)D;
        const float *query = q + i * (size_t)ldq + head, *keys = k + head;
        float *result = out + i * (size_t)ldo + head;
        double largest = -HUGE_VAL, sum = 0.0;
        for (size_t j = begin; j < end; j++)
          largest = fmax(largest, score(shape, b, h, query, i, keys + j * (size_t)ldk, j));
        for (size_t j = begin; j < end; j++)
          sum += exp(score(shape, b, h, query, i, keys + j * (size_t)ldk, j) - largest);
        memset(result, 0, (size_t)D * sizeof(float));
        for (size_t j = begin; j < end; j++) {
          double probability = exp(score(shape, b, h, query, i, keys + j * (size_t)ldk, j) - largest) / sum;
          add_scaled(result, probability * dropout_factor(shape->dropout, element++),
                     v + j * (size_t)ldv + head, D);
        }
        lse[i * (size_t)shape->H + (size_t)h] = (float)(largest + log(sum));
      }
}

/* Sets a matrix with rows of its own to zero. */
static void zero_rows(float *x, size_t begin, size_t end, int32_t ld, size_t columns) {
  for (size_t i = begin; i < end; i++)
    memset(x + i * (size_t)ld, 0, columns * sizeof(float));
}

void tlk_attention_backward_scalar(const tlk_attention *shape, const float *q, int32_t ldq, const float *k,
                                   int32_t ldk, const float *v, int32_t ldv, const float *out, int32_t ldo,
                                   const float *dout, int32_t lddo, const float *lse, float *dq, int32_t lddq,
                                   float *dk, int32_t lddk, float *dv, int32_t lddv, float *dbias) {
  const int32_t B = shape->B, H = shape->H, D = shape->D;
  const size_t columns = (size_t)H * (size_t)D;
  zero_rows(dq, (size_t)shape->q_offsets[0], (size_t)shape->q_offsets[B], lddq, columns);
  zero_rows(dk, (size_t)shape->kv_offsets[0], (size_t)shape->kv_offsets[B], lddk, columns);
  zero_rows(dv, (size_t)shape->kv_offsets[0], (size_t)shape->kv_offsets[B], lddv, columns);
  if (dbias)
    memset(dbias, 0, (size_t)B * (size_t)H * bias_width(shape) * sizeof(float));
  uint32_t element = 0;
  for (int32_t b = 0; b < B; b++)
    for (int32_t h = 0; h < H; h++)
      for (size_t i = (size_t)shape->q_offsets[b]; i < (size_t)shape->q_offsets[b + 1]; i++) {
        const size_t head = (size_t)h * (size_t)D;
        const float *query = q + i * (size_t)ldq + head;
        const float *gradient = dout + i * (size_t)lddo + head;
        /* Σ over keys of probability·dprobability, whatever was dropped */
        const double delta = dot(gradient, out + i * (size_t)ldo + head, D);
        for (size_t j = (size_t)shape->kv_offsets[b]; j < (size_t)shape->kv_offsets[b + 1]; j++) {
          const float *key = k + j * (size_t)ldk + head;
          const float *value = v + j * (size_t)ldv + head;
          const double row_lse = (double)lse[i * (size_t)H + (size_t)h];
          const double probability = exp(score(shape, b, h, query, i, key, j) - row_lse);
          const double factor = dropout_factor(shape->dropout, element++);
          const double dprobability = factor * dot(gradient, value, D);
          const double dlogit = probability * (dprobability - delta);
          const double dscore = (double)shape->scale * dlogit;
          if (dbias)
            dbias[((size_t)b * (size_t)H + (size_t)h) * bias_width(shape) + distance(shape, b, i, j)] +=
                (float)dlogit;
          add_scaled(dv + j * (size_t)lddv + head, probability * factor, gradient, D);
          add_scaled(dq + i * (size_t)lddq + head, dscore, key, D);
          add_scaled(dk + j * (size_t)lddk + head, dscore, query, D);
        }
      }
}
