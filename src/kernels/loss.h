/* The losses of classification and regression heads, as torch defines them with reduction="mean". Each
 * returns the loss and, if its last argument is not NULL, writes dLoss/dinput there. Batches are small: they
 * run on the calling thread. */
#ifndef TL_KERNELS_LOSS_H
#define TL_KERNELS_LOSS_H

#include <stddef.h>
#include <stdint.h>

/* torch's ignore_index: rows with this label count for nothing. */
enum { TLK_IGNORE_LABEL = -100 };

/* torch.nn.CrossEntropyLoss: the mean over rows (label TLK_IGNORE_LABEL left out) of log Σ exp(row) -
 * row[label]. logits and dlogits (B × K), labels (B) in 0 … K-1 or TLK_IGNORE_LABEL. NaN if no row counts, as
 * torch; dlogits is zero then. */
float tlk_cross_entropy(int32_t B, int32_t K, const float *logits, const int32_t *labels, float *dlogits);

/* torch.nn.MSELoss: the mean of (prediction - target)² over n >= 1 numbers. */
float tlk_mse(const float *predictions, const float *targets, size_t n, float *dpredictions);

/* torch.nn.BCEWithLogitsLoss: the mean over n >= 1 numbers of -t·log σ(x) - (1 - t)·log(1 - σ(x)), safe from
 * overflow. */
float tlk_bce_with_logits(const float *logits, const float *targets, size_t n, float *dlogits);

#endif
