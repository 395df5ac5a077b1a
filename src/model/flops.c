/* How many floating-point operations the last batch's matrix products took, for utilisation figures. */
#include "model/model_internal.h"

double tl_model_flops(const tl_model *model, bool with_backward) {
  const tl_run *run = &model->run;
  if (run->B == 0)
    return 0.0;
  const tl_config *config = &model->config;
  double B = run->B, T = run->T, C = config->C, F = config->F, K = config->K, pairs = run->pairs;
  /* Multiply-adds. After the projections a layer has one C × C product and two C × F products for each
   * computed row; attention has q·k and p·v for each pair. The last layer computes B rows and asks B queries
   * of all T keys. */
  double row = C * C + 2.0 * C * F;
  double full_layer = T * (3.0 * C * C + row) + 2.0 * pairs * C;
  double last_layer = T * 2.0 * C * C + B * (C * C + row) + 2.0 * T * C;
  double head = B * (C * C + C * K);
  double forward = 2.0 * ((double)(config->L - 1) * full_layer + last_layer + head);
  return with_backward ? 3.0 * forward : forward; /* each product has a gradient for either operand */
}
