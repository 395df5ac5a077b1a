/* Activations, adding, scaling, zeroing and column sums against their scalar twins, with guarded outputs and
 * any number of threads. */
#include "kernels/pointwise.h"

#include "kernel_testing.h"
#include "kernels/scalar/scalar_twins.h"

/* Sizes around vectors and cache lines, and some that are shared among threads. */
static const size_t sizes[] = {0, 1, 2, 3, 4, 5, 7, 8, 15, 16, 17, 31, 33, 100, 1027, 16383, 16384, 40001};
enum { SIZES = sizeof sizes / sizeof *sizes };

typedef void (*forward_kernel)(tl_pool *, const float *, float *, size_t);
typedef void (*forward_twin)(const float *, float *, size_t);
typedef void (*backward_kernel)(tl_pool *, const float *, const float *, float *, size_t);
typedef void (*backward_twin)(const float *, const float *, float *, size_t);

/* Inputs in [-8, 8): erf and tanh err by some ulp of results near 1, which x (up to 8) multiplies: 8·6e-7,
 * with room. */
enum { RANGE = 8 };
static const double tolerance = 6e-6;

static void check_forward(forward_kernel kernel, forward_twin twin) {
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < SIZES; i++) {
      const size_t n = sizes[i];
      float *x = random_floats(n, RANGE, 1), *y = canary_alloc(n), *expected = canary_alloc(n);
      twin(x, expected, n);
      kernel(pool, x, y, n);
      CHECK_CLOSE_ARRAY(y, expected, n, tolerance, 1e-6);
      kernel(pool, x, x, n); /* in place: the same bits */
      CHECK_EQ_BYTES(x, y, n * sizeof(float));
      canary_free(x);
      canary_free(y);
      canary_free(expected);
    }
    tl_pool_free(pool);
  }
}

static void check_backward(backward_kernel kernel, backward_twin twin, float range) {
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < SIZES; i++) {
      const size_t n = sizes[i];
      float *x = random_floats(n, range, 1), *dy = random_floats(n, 1.0f, 2);
      float *dx = canary_alloc(n), *expected = canary_alloc(n);
      twin(x, dy, expected, n);
      kernel(pool, x, dy, dx, n);
      CHECK_CLOSE_ARRAY(dx, expected, n, tolerance, 1e-6);
      kernel(pool, x, dy, dy, n);
      CHECK_EQ_BYTES(dy, dx, n * sizeof(float));
      canary_free(x);
      canary_free(dy);
      canary_free(dx);
      canary_free(expected);
    }
    tl_pool_free(pool);
  }
}

TEST(activations_equal_their_twins) {
  check_forward(tlk_gelu_forward, tlk_gelu_forward_scalar);
  check_forward(tlk_gelu_tanh_forward, tlk_gelu_tanh_forward_scalar);
  check_forward(tlk_relu_forward, tlk_relu_forward_scalar);
  check_forward(tlk_tanh_forward, tlk_tanh_forward_scalar);
}

TEST(activation_gradients_equal_their_twins) {
  check_backward(tlk_gelu_backward, tlk_gelu_backward_scalar, RANGE);
  check_backward(tlk_gelu_tanh_backward, tlk_gelu_tanh_backward_scalar, RANGE);
  check_backward(tlk_relu_backward, tlk_relu_backward_scalar, RANGE);
  check_backward(tlk_tanh_backward, tlk_tanh_backward_scalar, 1.0f); /* takes tanh's output */
}

/* The twin's gradient against the slope of the twin's forward: formulas right, not just equal. The slope over
 * 2h errs by the rounding of two results below 4, eps·4/h, and by h²/6 times a third derivative below 2. */
static void check_slope(forward_twin forward, backward_twin backward, bool from_output) {
  const float h = 0x1p-8f, one = 1.0f;
  for (float x = -4.0f; x <= 4.0f; x += 0.0625f) {
    const float left = x - h, right = x + h;
    float low, high, y, slope;
    forward(&left, &low, 1);
    forward(&right, &high, 1);
    forward(&x, &y, 1);
    backward(from_output ? &y : &x, &one, &slope, 1);
    if (x != 0.0f) /* where ReLU has its kink */
      CHECK_NEAR(slope, ((double)high - (double)low) / (2.0 * (double)h), 1.5e-4);
  }
}

TEST(activation_gradients_are_the_slopes_of_their_functions) {
  check_slope(tlk_gelu_forward_scalar, tlk_gelu_backward_scalar, false);
  check_slope(tlk_gelu_tanh_forward_scalar, tlk_gelu_tanh_backward_scalar, false);
  check_slope(tlk_relu_forward_scalar, tlk_relu_backward_scalar, false);
  check_slope(tlk_tanh_forward_scalar, tlk_tanh_backward_scalar, true);
}

TEST(activations_let_nan_through) {
  const forward_kernel kernels[] = {tlk_gelu_forward, tlk_gelu_tanh_forward, tlk_relu_forward,
                                    tlk_tanh_forward};
  tl_pool *pool = test_pool(1);
  for (size_t k = 0; k < sizeof kernels / sizeof *kernels; k++) {
    float x[6] = {0.0f, NAN, 1.0f, 2.0f, NAN, -1.0f}, y[6];
    kernels[k](pool, x, y, 6);
    for (size_t i = 0; i < 6; i++)
      CHECK((isnan(y[i]) != 0) == (isnan(x[i]) != 0));
  }
  tl_pool_free(pool);
}

TEST(add_scale_and_zero_are_exact) {
  for (int32_t threads = 1; threads <= 3; threads++) {
    tl_pool *pool = test_pool(threads);
    for (size_t i = 0; i < SIZES; i++) {
      const size_t n = sizes[i];
      float *x = random_floats(n, 1.0f, 1), *y = random_floats(n, 1.0f, 2), *expected = copy_of(y, n);
      tlk_add(pool, x, y, n);
      tlk_add_scalar(x, expected, n);
      CHECK_EQ_BYTES(y, expected, n * sizeof(float));
      tlk_scale(pool, 0.3f, y, n);
      tlk_scale_scalar(0.3f, expected, n);
      CHECK_EQ_BYTES(y, expected, n * sizeof(float));
      tlk_zero(pool, y, n);
      tlk_zero_scalar(expected, n);
      CHECK_EQ_BYTES(y, expected, n * sizeof(float));
      canary_free(x);
      canary_free(y);
      canary_free(expected);
    }
    tl_pool_free(pool);
  }
}

TEST(column_sums_equal_their_twin_and_do_not_depend_on_threads) {
  static const int32_t shapes[][3] = {{0, 5, 5},       {1, 1, 1},       {3, 7, 9},
                                      {31, 17, 17},    {33, 16, 20},    {65, 257, 260},
                                      {100, 511, 511}, {300, 130, 131}, {1000, 40, 40}};
  for (size_t s = 0; s < sizeof shapes / sizeof *shapes; s++) {
    const int32_t rows = shapes[s][0], columns = shapes[s][1], ld = shapes[s][2];
    const size_t width = (size_t)columns;
    float *x = random_floats((size_t)rows * (size_t)ld, 1.0f, 3), *start = random_floats(width, 1.0f, 4);
    float *expected = copy_of(start, width), *first = NULL;
    tlk_column_sums_scalar(rows, columns, x, ld, expected);
    for (int32_t threads = 1; threads <= 4; threads++) {
      tl_pool *pool = test_pool(threads);
      float *sums = copy_of(start, width);
      tlk_column_sums(pool, rows, columns, x, ld, sums);
      /* partial sums stay below 2·√rows; at most 32 + rows/32 + 2 roundings of half an ulp of them */
      const double bound = (34.0 + rows / 32.0) * 2.0 * sqrt(rows + 1.0) * (double)FLT_EPSILON / 2.0;
      CHECK_CLOSE_ARRAY(sums, expected, width, bound, 0.0);
      if (first)
        CHECK_EQ_BYTES(sums, first, width * sizeof(float));
      else
        first = copy_of(sums, width);
      canary_free(sums);
      tl_pool_free(pool);
    }
    canary_free(first);
    canary_free(expected);
    canary_free(start);
    canary_free(x);
  }
}
