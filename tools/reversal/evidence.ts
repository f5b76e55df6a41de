/**
 * Where the answer comes from: what happens at a recall step when a part of earlier writes is that of
 * another text, its *donor*. Both texts differ in the asked symbol alone, so that both show the same at the recall
 * step, and with all parts of all writes exchanged the network answers as in the donor's text.
 *
 * Evidence is the log probability of the asked symbol minus that of the donor's. What a part carries is
 * its share in the change of evidence when all is exchanged. Shares need not add up to 1: the network is not linear.
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
function exchange(
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

/** Change of evidence of the pairs, summed, by an exchange. */
function change(
  network: FastNetwork,
  pairs: readonly Pair[],
  taken: Parameters<typeof exchange>[1],
): number {
  const evidence = ({ logits }: Step, { asked, other }: Pair) => logits[asked]! - logits[other]!;
  return pairs.reduce((sum, pair) => {
    const after = replayed(network, pair.steps, pair.at, exchange(pair, taken));
    return sum + evidence(pair.steps[pair.at]!, pair) - evidence(after, pair);
  }, 0);
}

/** What carries the evidence of a lag. */
export interface Evidence {
  /** Evidence of the asked symbol against the donor's, in nats: mean over texts. */
  readonly nats: number;
  /** Shares by part, from all steps and layers. */
  readonly byPart: Readonly<Record<Part, number>>;
  /** Shares by part and step, from all layers. */
  readonly byStep: Readonly<Record<Part, readonly number[]>>;
  /** Shares by part and layer, from all steps. */
  readonly byLayer: Readonly<Record<Part, readonly number[]>>;
}

export function evidenceOf(
  network: FastNetwork,
  texts: readonly Text[],
  lag: { half: number; lag: number },
): Evidence {
  const pairs = pairsOf(network, texts, lag);
  const everything = change(network, pairs, { parts: PARTS, where: () => true });
  const ofParts = <T>(make: (part: Part) => T) =>
    Object.fromEntries(PARTS.map((part) => [part, make(part)])) as Record<Part, T>;
  const share = (part: Part, where: (step: number, layer: number) => boolean) =>
    change(network, pairs, { parts: [part], where }) / everything;
  return {
    // The donor has as much evidence for its own symbol.
    nats: everything / pairs.length / 2,
    byPart: ofParts((part) => share(part, () => true)),
    byStep: ofParts((part) =>
      Array.from({ length: pairs[0]!.at }, (_, at) => share(part, (step) => step === at))
    ),
    byLayer: ofParts((part) =>
      network.layers.map((_, at) => share(part, (_, layer) => layer === at))
    ),
  };
}
