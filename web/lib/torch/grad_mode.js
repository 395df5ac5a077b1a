// torch.no_grad: whether losses may be followed back.

let enabled = true;

/**
 * Runs `work` (which must not wait) with gradients off: `with torch.no_grad(): …`.
 * @template T
 * @param {() => T} work
 * @returns {T} what it returns
 */
export function no_grad(work) {
  const before = enabled;
  enabled = false;
  try {
    return work();
  } finally {
    enabled = before;
  }
}

export function is_grad_enabled() {
  return enabled;
}
