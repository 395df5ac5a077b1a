/* A bias of attention's scores by the distance between key and query, shared by all layers: a small table of
 * numbers for each head, looked up by buckets of distances (MPNet's, which are T5's).
 *
 * Distances of less than 8 tokens have a bucket each, larger ones share buckets that grow by √2 up to 128,
 * and those behind and ahead have buckets of their own: transformers' relative_position_bucket with its 32
 * buckets.
 */
#ifndef TL_KERNELS_RELATIVE_BIAS_H
#define TL_KERNELS_RELATIVE_BIAS_H

#include <stdint.h>

enum { TLK_RELATIVE_BUCKETS = 32 };

/* The bucket of a distance, a key's column less a query's: 0 to TLK_RELATIVE_BUCKETS - 1. */
int32_t tlk_relative_bucket(int32_t distance);

/* bias (H × 2·reach + 1), by distance from -reach to reach, of table (buckets × H). Runs on the calling
 * thread. */
void tlk_relative_bias_forward(int32_t H, int32_t reach, const float *table, float *bias);

/* Adds to dtable (buckets × H) what attention left in dbias for each of B sequences (B × H rows of 2·reach +
 * 1). Runs on the calling thread. */
void tlk_relative_bias_backward(int32_t B, int32_t H, int32_t reach, const float *dbias, float *dtable);

#endif
