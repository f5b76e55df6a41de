import { neg } from "../../core/program/language.ts";
import {
  chain,
  clipByGlobalNorm,
  decay,
  mapChanges,
  type OptimizerOptions,
  scale,
  type Transform,
} from "./optimizer.ts";

/** Gradient descent: -lr · gradient, after an optional clip of the norm of all gradients. */
export function sgd({ gradClip, halfTime = 0 }: OptimizerOptions): Transform {
  return chain(
    clipByGlobalNorm(gradClip),
    scale((stage) => stage.load("learning_rate")),
    decay(halfTime),
    { apply: (changes) => mapChanges(changes, neg) },
  );
}
