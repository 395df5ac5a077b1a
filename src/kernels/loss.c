/* Cross entropy, mean squared error and binary cross entropy, with their gradients. */
#include "kernels/loss.h"

#include <math.h>

/* Stores one number of a gradient if it is wanted. */
static void store(float *gradient, size_t at, double value) {
  if (gradient)
    gradient[at] = (float)value;
}

/* log Σ exp(row), with the largest taken out first. */
static double log_sum_exp(const float *row, size_t K) {
  double largest = (double)row[0];
  double sum = 0.0;
  for (size_t k = 1; k < K; k++)
    if ((double)row[k] > largest)
      largest = (double)row[k];
  for (size_t k = 0; k < K; k++)
    sum += exp((double)row[k] - largest);
  return largest + log(sum);
}

float tlk_cross_entropy(int32_t B, int32_t K, const float *logits, const int32_t *labels, float *dlogits) {
  const size_t width = (size_t)K;
  int32_t counted = 0;
  double total = 0.0;
  for (int32_t b = 0; b < B; b++)
    counted += labels[b] != TLK_IGNORE_LABEL;
  for (size_t b = 0; b < (size_t)B; b++) {
    const float *row = logits + b * width;
    if (labels[b] == TLK_IGNORE_LABEL) {
      for (size_t k = 0; k < width; k++)
        store(dlogits, b * width + k, 0.0);
      continue;
    }
    const double lse = log_sum_exp(row, width);
    const size_t label = (size_t)labels[b];
    total += lse - (double)row[label];
    for (size_t k = 0; k < width; k++) {
      const double probability = exp((double)row[k] - lse);
      store(dlogits, b * width + k, (probability - (k == label ? 1.0 : 0.0)) / counted);
    }
  }
  return counted > 0 ? (float)(total / counted) : (float)NAN;
}

float tlk_mse(const float *predictions, const float *targets, size_t n, float *dpredictions) {
  double total = 0.0;
  for (size_t i = 0; i < n; i++) {
    const double difference = (double)predictions[i] - (double)targets[i];
    total += difference * difference;
    store(dpredictions, i, 2.0 * difference / (double)n);
  }
  return (float)(total / (double)n);
}

float tlk_bce_with_logits(const float *logits, const float *targets, size_t n, float *dlogits) {
  double total = 0.0;
  for (size_t i = 0; i < n; i++) {
    const double x = (double)logits[i];
    const double target = (double)targets[i];
    /* -log σ(x) = max(-x, 0) + log(1 + exp(-|x|)), and log(1 - σ(x)) = log σ(x) - x */
    const double minus_log_sigmoid = (x < 0.0 ? -x : 0.0) + log1p(exp(-fabs(x)));
    total += minus_log_sigmoid + (1.0 - target) * x;
    store(dlogits, i, (1.0 / (1.0 + exp(-x)) - target) / (double)n);
  }
  return (float)(total / (double)n);
}
