// The `numpy` package, as far as the datasets library's random orders need it.
import { default_rng } from "./random_generator.js";

export const numpy = { random: { default_rng } };
