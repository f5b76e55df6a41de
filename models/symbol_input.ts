/**
 * The input vector of networks that read symbols:
 *
 *   x_t = [one-hot of the symbol ; with `last_two` one-hot of the previous one ; position]
 *
 * The previous one is 0 at the first step. The position is sinusoidal (Vaswani et al., 2017), t from 0:
 * PE(t, 2k) = sin(t / 10000^(2k/D)), PE(t, 2k+1) = cos of the same.
 */
import { z } from "../deps/zod.ts";
import { type Declaration, vector } from "../core/program/declaration.ts";
import { computed } from "../core/program/initializer.ts";
import { oneHot } from "../core/program/language.ts";
import type { Value } from "../core/program/elementwise.ts";

/** Settings of the input. */
export const symbolInputConfig = {
  input_mode: z.enum(["last_one", "last_two"]).default("last_one").describe(
    "Input: the current symbol, or also the previous one",
  ),
  positional_encoding_dim: z.int().min(0).max(4096).multipleOf(2).default(0).describe(
    "D, size of the sinusoidal position (even; 0: none)",
  ),
};

interface SymbolInput {
  readonly symbols: number;
  readonly input_mode: "last_one" | "last_two";
  readonly positional_encoding_dim: number;
}

/** I, the size of the input. */
export const inputSize = ({ symbols, input_mode, positional_encoding_dim }: SymbolInput): number =>
  symbols * (input_mode === "last_two" ? 2 : 1) + positional_encoding_dim;

const position = computed((out, { step }) => {
  for (let k = 0; k < out.length; k += 2) {
    const angle = step * Math.pow(10000, -k / out.length);
    out[k] = Math.sin(angle);
    out[k + 1] = Math.cos(angle);
  }
});

/** The constant that the input needs. */
export function inputDeclarations(
  { positional_encoding_dim: size }: SymbolInput,
): Record<string, Declaration> {
  return size > 0 ? { position: vector(size, position, { trained: false, perStep: true }) } : {};
}

/** The parts of x_t, to be concatenated. @param position [D], undefined without. */
export function inputParts(
  { symbol, previous, position }: {
    symbol: Value;
    previous: Value;
    position: Value | undefined;
  },
  { symbols, input_mode }: SymbolInput,
): Value[] {
  return [
    oneHot(symbol, symbols),
    ...input_mode === "last_two" ? [oneHot(previous, symbols)] : [],
    ...position ? [position] : [],
  ];
}
