// The `torch` namespace: what of PyTorch the course's third chapter touches, under its names.
import { AdamW } from "./adamw.js";
import { clip_grad_norm_ } from "./clip_grad.js";
import { DataLoader, default_collate } from "./data_loader.js";
import { default_generator, Generator, initial_seed, manual_seed, randperm } from "./generator.js";
import { is_grad_enabled, no_grad } from "./grad_mode.js";
import { LambdaLR } from "./lr_scheduler.js";
import { Parameter } from "./parameter.js";
import {
  BatchSampler,
  RandomSampler,
  SeedableRandomSampler,
  SequentialSampler,
} from "./sampler.js";
import { argmax, cat, stack, Tensor, tensor } from "./tensor.js";

/**
 * torch.device: a name. Everything lives on one device, whatever it is called.
 * @param {string} name
 */
const device = (name) => name;

export const torch = {
  Tensor,
  tensor,
  stack,
  cat,
  argmax,
  Generator,
  default_generator,
  manual_seed,
  initial_seed,
  randperm,
  no_grad,
  is_grad_enabled,
  device,
  cuda: { is_available: () => false },
  optim: { AdamW, lr_scheduler: { LambdaLR } },
  utils: {
    data: {
      DataLoader,
      default_collate,
      RandomSampler,
      SequentialSampler,
      BatchSampler,
      SeedableRandomSampler,
    },
  },
  nn: { Parameter, utils: { clip_grad_norm_ } },
};
