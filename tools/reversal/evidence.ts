/**
 * Where the answer comes from: what happens at a recall step when a part of earlier writes is that of
 * another text, its *donor*. Both texts differ in the asked symbol alone, so that both show the same at the recall
 * step, and with all parts of all writes exchanged the network answers as in the donor's text.
 *
 * Evidence is the log probability of the asked symbol minus that of the donor's. What a part carries is the loss of
 * evidence when it alone is exchanged. Parts need not add up to the loss by all together: the network is not linear.
 */
import type { FastNetwork } from "./fast_network.ts";
import { type Edit, replayed, run, type Step } from "./replay.ts";
import { LETTERS, type Text, textOf } from "./texts.ts";

/** What a write is made of: its error is prediction minus target, its key the input of the layer. */
export const PARTS = ["target", "prediction", "key"] as const;
export type Part = typeof PARTS[number];

/** A question, its donor, and runs over both texts. */
export interface Pair {
  /** The recall step. */
  readonly at: number;
  readonly steps: readonly Step[];
  readonly donor: readonly Step[];
  readonly asked: number;
  readonly other: number;
}

/** The pairs of a lag, of all texts whose half has no symbol twice. */
export function pairsOf(
  network: FastNetwork,
  texts: readonly Text[],
  { half, lag }: { half: number; lag: number },
): Pair[] {
  return texts.flatMap((text) => {
    const letters = text.symbols.slice(0, text.half);
    if (text.half !== half || new Set(letters).size < half) return [];
    const at = text.questions.find((one) => one.lag === lag)!.step;
    const asked = text.symbols[at + 1]!;
    const other = letterAfter(asked, letters);
    const exchanged = letters.map((letter) => letter === asked ? other : letter);
    const [steps, donor] = [run(network, text.symbols), run(network, textOf(exchanged))];
    return [{ at, steps, donor, asked, other }];
  });
}

/** The next letter of the alphabet that a text does not have. */
function letterAfter(letter: number, text: readonly number[]): number {
  const at = LETTERS.indexOf(letter);
  const following = LETTERS.map((_, i) => LETTERS[(at + i) % LETTERS.length]!);
  return following.find((one) => !text.includes(one))!;
}

/** Takes parts of the writes of some steps and layers from the donor. */
export function exchange(
  { steps, donor }: Pair,
  { parts, where }: { parts: readonly Part[]; where: (step: number, layer: number) => boolean },
): Edit {
  return (write, at, layer) => {
    if (!where(at, layer)) return write;
    const from = (part: Part) => parts.includes(part) ? donor[at]! : steps[at]!;
    const error = from("prediction").probabilities.slice();
    error[from("target").target]! -= 1;
    return { error, key: from("key").inputs[layer]! };
  };
}

/** Loss of evidence by an exchange, nats: mean over pairs. */
function loss(
  network: FastNetwork,
  pairs: readonly Pair[],
  taken: Parameters<typeof exchange>[1],
): number {
  const evidence = ({ logits }: Step, { asked, other }: Pair) => logits[asked]! - logits[other]!;
  const losses = pairs.map((pair) => {
    const after = replayed(network, pair.steps, pair.at, exchange(pair, taken));
    return evidence(pair.steps[pair.at]!, pair) - evidence(after, pair);
  });
  return losses.reduce((sum, x) => sum + x, 0) / losses.length;
}

/** What carries the evidence of a lag: losses in nats, as means over texts. */
export interface Evidence {
  /** By all parts, steps and layers. */
  readonly all: number;
  /** By part, from all steps and layers. */
  readonly byPart: Readonly<Record<Part, number>>;
  /** By part and step, from all layers. */
  readonly byStep: Readonly<Record<Part, readonly number[]>>;
  /** By part and layer, from all steps. */
  readonly byLayer: Readonly<Record<Part, readonly number[]>>;
}

/** Where the evidence of a lag is. */
export function evidenceOf(
  network: FastNetwork,
  texts: readonly Text[],
  lag: { half: number; lag: number },
): Evidence {
  const pairs = pairsOf(network, texts, lag);
  const ofParts = <T>(make: (part: Part) => T) =>
    Object.fromEntries(PARTS.map((part) => [part, make(part)])) as Record<Part, T>;
  const lossBy = (parts: readonly Part[], where = (_step: number, _layer: number) => true) =>
    loss(network, pairs, { parts, where });
  return {
    all: lossBy(PARTS),
    byPart: ofParts((part) => lossBy([part])),
    byStep: ofParts((part) =>
      Array.from({ length: pairs[0]!.at }, (_, at) => lossBy([part], (step) => step === at))
    ),
    byLayer: ofParts((part) =>
      network.layers.map((_, at) => lossBy([part], (_, layer) => layer === at))
    ),
  };
}
