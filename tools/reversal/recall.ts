/** What is recalled, and what the readout gets for it. */
import type { FastNetwork } from "./fast_network.ts";
import { cosine } from "./linear_algebra.ts";
import { firstWeights, forward, run, softmax, type Step } from "./replay.ts";
import { END, LETTERS, type Question, type Text } from "./texts.ts";

/** The questions that are told apart. */
export const GROUPS: Readonly<Record<string, (text: Text, question: Question) => boolean>> = {
  "all": () => true,
  "lag 1": (_, { lag }) => lag === 1,
  "lag 3, half of 2": ({ half }, { lag }) => half === 2 && lag === 3,
  "lag 3, half of 3": ({ half }, { lag }) => half === 3 && lag === 3,
  "lag 5": (_, { lag }) => lag === 5,
  "lag 5, never a target": (_, { lag, wasTarget }) => lag === 5 && !wasTarget,
};

/** Means over the questions of a group, each text as likely as in the task. */
export interface Recall {
  /** Share of answers that are right. */
  readonly right: number;
  /** Share that are right if only letters may be answered. */
  readonly rightLetter: number;
  /** Probability of the end symbol, which is never right here. */
  readonly end: number;
  /** Cosine of the change of logits by fast weights with one-hot(target) - 1/C. */
  readonly cosine: number;
  /** The same over letters alone. */
  readonly cosineLetters: number;
  /** Change of the target's logit against the mean of the other letters, nats. */
  readonly gain: number;
}

const largest = (logits: Float64Array, among: readonly number[]) =>
  among.reduce((best, i) => logits[i]! > logits[best]! ? i : best, among[0]!);

/** one-hot(target) - 1/n over some symbols. */
const needed = (target: number, among: readonly number[]) =>
  Float64Array.from(among, (i) => Number(i === target) - 1 / among.length);

function judge(network: FastNetwork, step: Step): Recall {
  const symbols = [...step.logits.keys()];
  const { target, logits } = step;
  const slow = forward(network, firstWeights(network), step).logits;
  const changeOf = (among: readonly number[]) => {
    const change = among.map((i) => logits[i]! - slow[i]!);
    const middle = change.reduce((sum, x) => sum + x, 0) / change.length;
    return Float64Array.from(change, (x) => x - middle);
  };
  const letters = changeOf(LETTERS);
  const own = letters[LETTERS.indexOf(target)]!;
  return {
    right: Number(largest(logits, symbols) === target),
    rightLetter: Number(largest(logits, LETTERS) === target),
    end: softmax(logits)[END]!,
    cosine: cosine(changeOf(symbols), needed(target, symbols)),
    cosineLetters: cosine(letters, needed(target, LETTERS)),
    // The centred changes of all letters add up to 0.
    gain: own * LETTERS.length / (LETTERS.length - 1),
  };
}

/** Recall by group over all texts. */
export function recallOf(
  network: FastNetwork,
  texts: readonly Text[],
  { plastic }: { plastic: boolean },
): Record<string, Recall> {
  const judged = texts.flatMap((text) => {
    const steps = run(network, text.symbols, { plastic });
    return text.questions.map((question) => {
      return { text, question, recall: judge(network, steps[question.step]!) };
    });
  });
  return Object.fromEntries(
    Object.entries(GROUPS).map(([name, belongs]) => {
      const group = judged.filter(({ text, question }) => belongs(text, question));
      const weight = group.reduce((sum, { text }) => sum + text.probability, 0);
      const meanOf = (key: keyof Recall) =>
        group.reduce((sum, { text, recall }) => sum + text.probability * recall[key], 0) / weight;
      const means: Recall = {
        right: meanOf("right"),
        rightLetter: meanOf("rightLetter"),
        end: meanOf("end"),
        cosine: meanOf("cosine"),
        cosineLetters: meanOf("cosineLetters"),
        gain: meanOf("gain"),
      };
      return [name, means];
    }),
  );
}
