/** What back-propagation through time keeps of the steps for the way back: all of it, or checkpoints. */
import { z } from "../deps/zod.ts";
import type { Extents } from "../core/axes.ts";
import { iterationSize } from "../core/backends/layout.ts";
import type { Program } from "../core/program/program.ts";

/** The setting. Gradients are the same. */
export const tapeSetting = z.enum(["auto", "whole", "checkpoints"]).default("auto").describe(
  "What is kept of the steps for the way back: whole (everything), checkpoints (the state every sqrt(T) steps, and the steps between run again), or auto (checkpoints where they save more than 8 MiB a sequence)",
);

/** One of the values of the setting. */
export type TapeChoice = z.infer<typeof tapeSetting>;

/**
 * Bytes of the tape of a sequence from which running again is faster than reading: a whole tape of this size
 * leaves the cache that the threads of a processor share. Smaller tapes are faster whole, by up to a third.
 */
const CACHE = 1 << 23;
/** Bytes of the tape of all sequences that no backend is asked for: 32-bit addresses reach as far. */
const MOST = 2 ** 32;

function tapeBytes({ slots, extents }: Program): number {
  const tapes = [...slots.values()].filter(({ kind }) => kind === "tape");
  return 4 * tapes.reduce((sum, slot) => sum + iterationSize(slot, extents), 0);
}

/**
 * Builds a program with the tape that the setting asks for.
 *
 * @param build makes the program, with segments if the extents have them.
 */
export function withTape(
  choice: TapeChoice,
  extents: Extents,
  build: (extents: Extents) => Program,
): Program {
  const withCheckpoints = () => build({ ...extents, segment: Math.ceil(Math.sqrt(extents.steps)) });
  if (choice === "checkpoints") return withCheckpoints();
  const whole = build(extents);
  const sequences = extents.replicas * extents.sequences;
  const limit = Math.min(CACHE * sequences, MOST);
  if (choice === "whole" || tapeBytes(whole) <= limit) return whole;
  const short = withCheckpoints();
  return tapeBytes(whole) - tapeBytes(short) > limit ? short : whole;
}
