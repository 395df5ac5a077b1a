/* Gated activations, vector by vector, each row by itself. */
#include "kernels/gated.h"

#include "kernels/activation_lanes.h"
#include "kernels/ranges.h"

typedef struct rows_of {
  size_t F;
  const float *in; /* x in forward, dy in backward */
  float *out;      /* y in forward, x in backward */
} rows_of;

/* y = f(a)·b for `count` numbers. */
TLK_INLINE void gate(const float *a, const float *b, float *y, size_t count, void (*f)(tl_v4 *, int)) {
  tl_v4 value = v4_load_part(a, count);
  f(&value, 1);
  v4_store_part(y, value * v4_load_part(b, count), count);
}

TLK_INLINE void gate_rows(const rows_of *r, size_t begin, size_t end, void (*f)(tl_v4 *, int)) {
  for (size_t row = begin; row < end; row++) {
    const float *x = r->in + row * 2 * r->F;
    float *y = r->out + row * r->F;
    size_t i = 0;
    for (; i + TL_LANES <= r->F; i += TL_LANES)
      gate(x + i, x + r->F + i, y + i, TL_LANES, f);
    if (i < r->F)
      gate(x + i, x + r->F + i, y + i, r->F - i, f);
  }
}

/* a and b become their gradients: dy·b·f'(a) and dy·f(a). `slope` replaces a by f'(a)·its second operand. */
TLK_INLINE void gate_back(float *a, float *b, const float *dy, size_t count, void (*f)(tl_v4 *, int),
                          void (*slope)(tl_v4 *, const tl_v4 *, int)) {
  const tl_v4 gradient = v4_load_part(dy, count);
  const tl_v4 through = gradient * v4_load_part(b, count);
  tl_v4 value = v4_load_part(a, count), sloped = value;
  f(&value, 1);
  slope(&sloped, &through, 1);
  v4_store_part(a, sloped, count);
  v4_store_part(b, gradient * value, count);
}

TLK_INLINE void gate_rows_back(const rows_of *r, size_t begin, size_t end, void (*f)(tl_v4 *, int),
                               void (*slope)(tl_v4 *, const tl_v4 *, int)) {
  for (size_t row = begin; row < end; row++) {
    float *x = r->out + row * 2 * r->F;
    const float *dy = r->in + row * r->F;
    size_t i = 0;
    for (; i + TL_LANES <= r->F; i += TL_LANES)
      gate_back(x + i, x + r->F + i, dy + i, TL_LANES, f, slope);
    if (i < r->F)
      gate_back(x + i, x + r->F + i, dy + i, r->F - i, f, slope);
  }
}

/* Each activation's two kernels: the work on a range of rows, and the entry that shares it. */
#define GATED(kernel, f, slope)                                                                              \
  static void kernel##_rows(const void *arguments, size_t begin, size_t end) {                               \
    gate_rows(arguments, begin, end, f);                                                                     \
  }                                                                                                          \
  static void kernel##_rows_back(const void *arguments, size_t begin, size_t end) {                          \
    gate_rows_back(arguments, begin, end, f, slope);                                                         \
  }                                                                                                          \
  void kernel##_forward(tl_pool *pool, int32_t rows, int32_t F, const float *x, float *y) {                  \
    const rows_of r = {(size_t)F, x, y};                                                                     \
    tlk_run_ranges(pool, (size_t)rows, 1, (size_t)rows *r.F, kernel##_rows, &r);                             \
  }                                                                                                          \
  void kernel##_backward(tl_pool *pool, int32_t rows, int32_t F, float *x, const float *dy) {                \
    const rows_of r = {(size_t)F, dy, x};                                                                    \
    tlk_run_ranges(pool, (size_t)rows, 1, (size_t)rows *r.F, kernel##_rows_back, &r);                        \
  }

GATED(tlk_gated_gelu, gelu, gelu_gradient)
GATED(tlk_gated_gelu_tanh, gelu_tanh, gelu_tanh_gradient)
GATED(tlk_gated_relu, relu, relu_gradient)
