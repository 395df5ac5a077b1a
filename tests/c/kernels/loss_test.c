/* The losses: known values (PyTorch 2's), gradients as slopes, extremes. */
#include "kernels/loss.h"

#include "kernel_testing.h"

TEST(cross_entropy_of_even_logits_is_log_k) {
  const float logits[6] = {0.0f};
  const int32_t labels[2] = {2, 0};
  float gradient[6];
  CHECK_NEAR(tlk_cross_entropy(2, 3, logits, labels, gradient), log(3.0), 1e-7);
  const float expected[6] = {1.0f / 6, 1.0f / 6, -1.0f / 3, -1.0f / 3, 1.0f / 6, 1.0f / 6};
  CHECK_CLOSE_ARRAY(gradient, expected, 6, 1e-7, 0.0);
}

TEST(cross_entropy_equals_torch) {
  /* F.cross_entropy(tensor([[1., 2., 3.], [.5, -1., 0.]]), tensor([0, 1])) */
  const float logits[6] = {1.0f, 2.0f, 3.0f, 0.5f, -1.0f, 0.0f};
  const int32_t labels[2] = {0, 1};
  CHECK_NEAR(tlk_cross_entropy(2, 3, logits, labels, NULL), 2.2558684, 1e-6);
}

TEST(ignored_rows_count_for_nothing) {
  const float logits[6] = {1.0f, 2.0f, 3.0f, 0.5f, -1.0f, 0.0f};
  const int32_t first[2] = {0, TLK_IGNORE_LABEL}, none[2] = {TLK_IGNORE_LABEL, TLK_IGNORE_LABEL};
  float gradient[6];
  CHECK_NEAR(tlk_cross_entropy(2, 3, logits, first, gradient), 2.4076059, 1e-6);
  for (size_t k = 3; k < 6; k++)
    CHECK_NEAR(gradient[k], 0.0, 0.0);
  CHECK(isnan(tlk_cross_entropy(2, 3, logits, none, gradient)));
  for (size_t k = 0; k < 6; k++)
    CHECK_NEAR(gradient[k], 0.0, 0.0);
}

TEST(cross_entropy_survives_extreme_logits_and_shows_nan) {
  const float logits[2] = {3e4f, -3e4f}, bad[2] = {NAN, 0.0f};
  const int32_t right = 0, wrong = 1;
  float gradient[2];
  CHECK_NEAR(tlk_cross_entropy(1, 2, logits, &right, gradient), 0.0, 0.0);
  CHECK_NEAR(tlk_cross_entropy(1, 2, logits, &wrong, gradient), 6e4, 1e-2);
  CHECK_NEAR(gradient[0], 1.0, 1e-7);
  CHECK_NEAR(gradient[1], -1.0, 1e-7);
  CHECK(isnan(tlk_cross_entropy(1, 2, bad, &right, NULL)));
}

TEST(squared_error_and_its_gradient) {
  const float predictions[3] = {1.0f, 2.0f, -1.0f}, targets[3] = {0.0f, 2.5f, 1.0f};
  const float expected[3] = {2.0f / 3, -1.0f / 3, -4.0f / 3};
  float gradient[3];
  CHECK_NEAR(tlk_mse(predictions, targets, 3, gradient), (1.0 + 0.25 + 4.0) / 3.0, 1e-6);
  CHECK_CLOSE_ARRAY(gradient, expected, 3, 1e-6, 0.0);
}

TEST(binary_cross_entropy_equals_torch) {
  /* F.binary_cross_entropy_with_logits(tensor([0., 2., -3., 60., -60.]), tensor([1., 0., 1., 1., 1.])) */
  const float logits[5] = {0.0f, 2.0f, -3.0f, 60.0f, -60.0f}, targets[5] = {1.0f, 0.0f, 1.0f, 1.0f, 1.0f};
  float gradient[5];
  CHECK_NEAR(tlk_bce_with_logits(logits, targets, 5, gradient), 13.1737328, 1e-5);
  CHECK_NEAR(gradient[0], -0.1, 1e-7);
  CHECK_NEAR(gradient[4], -0.2, 1e-7);
}

/* Each loss of the same five numbers; labels or targets stand fixed. */
static const float fixed_targets[6] = {0.0f, 1.0f, 1.0f, 0.5f, 0.0f, 1.0f};

static float cross_entropy_of(const float *x, float *gradient) {
  const int32_t labels[2] = {1, 2};
  return tlk_cross_entropy(2, 3, x, labels, gradient);
}

static float mse_of(const float *x, float *gradient) { return tlk_mse(x, fixed_targets, 6, gradient); }

static float bce_of(const float *x, float *gradient) {
  return tlk_bce_with_logits(x, fixed_targets, 6, gradient);
}

TEST(gradients_are_slopes) {
  float (*const losses[])(const float *, float *) = {cross_entropy_of, mse_of, bce_of};
  const float h =
      0x1p-5f; /* the loss is rounded to float: eps/h = 4e-6; h² times a third derivative below 0.1: 1e-4 */
  for (size_t l = 0; l < 3; l++) {
    float x[6] = {0.3f, -1.2f, 2.0f, 0.7f, -0.4f, 1.1f}, gradient[6];
    losses[l](x, gradient);
    for (size_t i = 0; i < 6; i++) {
      const float middle = x[i];
      x[i] = middle + h;
      const double high = (double)losses[l](x, NULL);
      x[i] = middle - h;
      const double low = (double)losses[l](x, NULL);
      x[i] = middle;
      CHECK_NEAR(gradient[i], (high - low) / (2.0 * (double)h), 2e-4);
    }
  }
}
