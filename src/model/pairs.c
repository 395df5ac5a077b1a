/* Counting a batch's pairs of queries and keys. */
#include "model/pairs.h"

/* Adds those of sequence b within a window: both ends of it only ever move on. */
static void count_near(const tl_batch *batch, int32_t b, int32_t window, tl_pairs *pairs) {
  int32_t begin = batch->offsets[b], end = batch->offsets[b + 1];
  int32_t first = begin, behind = begin;
  for (int32_t t = begin; t < end; t++) {
    while (batch->positions[first] < batch->positions[t] - window)
      first++;
    while (behind < end && batch->positions[behind] <= batch->positions[t] + window)
      behind++;
    pairs->near += behind - first;
    pairs->cls_near += t == begin ? behind - first : 0;
  }
}

tl_pairs tl_pairs_count(const tl_batch *batch, int32_t window) {
  tl_pairs pairs = {0};
  for (int32_t b = 0; b < batch->B; b++) {
    double length = batch->offsets[b + 1] - batch->offsets[b];
    pairs.all += length * length;
    if (window > 0)
      count_near(batch, b, window, &pairs);
  }
  if (window == 0) {
    pairs.near = pairs.all;
    pairs.cls_near = batch->T;
  }
  return pairs;
}
