/** Random points of a sweep. */
import { type RandomStream, randomStream, streamOf } from "../../core/random.ts";
import { valueAt } from "./domain.ts";
import type { SweepFile } from "./sweep_file.ts";
import type { Trial } from "./trial.ts";

/** Draws of one trial until its point is a new one. */
const mostDraws = 256;

/** A share between 0 and 1, which it never is itself. */
export const share = (random: RandomStream): number => (random.bits() + 0.5) / 2 ** 32;

/**
 * A random point that is none of those taken; undefined after many that all were.
 *
 * Its numbers are addressed by seed, path and number of the trial: the trials before it, and other
 * parameters, do not change them.
 */
export function randomPoint(
  { parameters }: Pick<SweepFile, "parameters">,
  { seed, number, isTaken }: {
    seed: number;
    number: number;
    isTaken(values: Trial["values"]): boolean;
  },
): Trial["values"] | undefined {
  const streams = parameters.map(({ path, domain }) => ({
    ...{ path, domain },
    random: randomStream({ seed, stream: streamOf(path), step: number }),
  }));
  for (let draw = 0; draw < mostDraws; draw++) {
    const values = Object.fromEntries(
      streams.map(({ path, domain, random }) => [path, valueAt(domain, share(random))]),
    );
    if (!isTaken(values)) return values;
  }
  return undefined;
}
