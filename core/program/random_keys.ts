/**
 * The keys of the random numbers that a step draws. The host writes one for each sequence and iteration; a
 * device makes the numbers from it, and nothing is stored between steps or in checkpoints.
 *
 * The key of a sequence is the first two words of the stream (seed, `random/<split>`, number of the
 * sequence). Element i of a draw at step t is made from the Philox block of that key at the counter
 * (i, t, stream, 0): a uniform number from its first word, a normal one from the first two.
 */
import {
  normalFromBits,
  philox4x32,
  type RandomAddress,
  randomStream,
  streamOf,
  uniformFromBits,
} from "../random.ts";
import type { Draw, Slot } from "./node.ts";

/** Floats of a key: its two words in halves of 16 bits, the lower half first. Floats hold these exactly. */
export const KEY_SIZE = 4;

/** The slots of keys: one for each sequence, and one that all sequences of a batch share. */
export const keySlots = { sequence: "random/sequence", batch: "random/batch" } as const;

/** Whether a slot holds keys, which no task makes. */
export const isKeySlot = ({ name }: Pick<Slot, "name">): boolean =>
  name === keySlots.sequence || name === keySlots.batch;

/** The stream that the keys of a slot come from; training and held-out sequences have different ones. */
export const keyStream = ({ name }: Pick<Slot, "name">, split: string): number =>
  streamOf(`${name === keySlots.batch ? "random/batch" : "random"}/${split}`);

/**
 * Draws a key.
 *
 * @param address the seed of the replica, a `keyStream`, and the number of the sequence or batch in its split.
 * @returns `KEY_SIZE` floats.
 */
export function drawKey(address: Required<RandomAddress>): readonly number[] {
  const random = randomStream(address);
  const [first, second] = [random.bits(), random.bits()];
  return [first & 0xffff, first >>> 16, second & 0xffff, second >>> 16];
}

/**
 * One number of a draw, in float64.
 *
 * @param key `KEY_SIZE` floats.
 */
export function drawNumber(
  { stream, distribution }: Pick<Draw, "stream" | "distribution">,
  { key, element, step }: { key: ArrayLike<number>; element: number; step: number },
): number {
  const word = (low: number, high: number): number => low + high * 2 ** 16;
  const words = Uint32Array.of(word(key[0]!, key[1]!), word(key[2]!, key[3]!));
  const [first, second] = philox4x32(Uint32Array.of(element, step, stream, 0), words);
  return distribution === "uniform" ? uniformFromBits(first!) : normalFromBits(first!, second!);
}
