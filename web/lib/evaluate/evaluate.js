// The `evaluate` package: `evaluate.load("glue", "mrpc")`.
import { EvaluationModule, load } from "./metric.js";

export const evaluate = { load, EvaluationModule };
