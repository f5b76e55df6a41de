import { neg } from "../../core/program/language.ts";
import { chain, clipByGlobalNorm, mapChanges, scale, type Transform } from "./optimizer.ts";

/** Gradient descent: -lr · gradient, after an optional clip of the norm of all gradients. */
export function sgd({ gradClip }: { gradClip: number }): Transform {
  return chain(
    clipByGlobalNorm(gradClip),
    scale((stage) => stage.load("learning_rate")),
    { apply: (changes) => mapChanges(changes, neg) },
  );
}
