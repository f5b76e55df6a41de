/**
 * Character tasks: a sequence is a text, and the target at every step is its next symbol.
 */
import {
  crossEntropyOfRecall,
  type Mistake,
  mistakeCode,
} from "../core/losses/cross_entropy_of_recall.ts";
import type { Lags } from "../core/losses/lag_ranges.ts";
import type { InputDeclarations } from "../core/program/input.ts";
import type { Draw, Sequence, Task } from "../core/training/task.ts";
import type { RandomStream } from "../core/random.ts";
import { checkTextCount, drawOfSplit } from "./held_out_texts.ts";

/** Alphabet of the synthetic tasks. */
export const alphabet = "0?!123,. ";
/** Alphabet of the small palindromes. */
export const smallAlphabet = "23. ";

/** A symbol that can be predicted only from memory. */
export interface Recall {
  /** Its position in the text. */
  readonly position: number;
  /** Where the network saw last what is asked for; below 0 in a sequence before. Left out: at no one place. */
  readonly shown?: number;
  /** Symbols that were right earlier. */
  readonly stale?: readonly string[];
  /** What is right of something else that is kept in memory. */
  readonly others?: readonly string[];
}

/** A text of at least 2 symbols, and what of it is to be recalled. */
export interface Characters {
  readonly text: string;
  /** The target of each step; default: the next symbol. */
  readonly targets?: string;
  readonly recall: readonly Recall[];
}

/** What makes a character task: a generator of texts, and what is known about them. */
export interface CharacterTaskOptions {
  readonly name: string;
  readonly summary: string;
  readonly alphabet: string;
  /** Symbols in the longest text; T is one less. */
  readonly longest: number;
  readonly chance: number;
  /** Where all targets are judged. What is to be recalled is known for sure. */
  readonly bestLoss: number;
  /** The lags of what is to be recalled, see `lagOf`; left out: it was at no one place. */
  readonly lags?: Lags;
  /** Kinds of wrong answers that are told apart; default: none. */
  readonly mistakes?: readonly Mistake[];
  /** What a network reaches that guesses, by metric beside the score. */
  readonly guessing?: Readonly<Record<string, number>>;
  /** How many different texts there are; left out: nobody asks. */
  readonly texts?: number;
  /** What validation and test hold out: default: draws. */
  readonly held_out?: "draws" | "texts";
  /** Which targets are judged; default: all. */
  readonly judged?: "all" | "recall";
  /** Draws one text. */
  draw(random: RandomStream, which: Draw): Characters;
}

/** How a text is laid out in steps. */
type Layout =
  & Pick<CharacterTaskOptions, "alphabet" | "judged">
  & { readonly [key in "lags" | "mistakes"]?: CharacterTaskOptions[key] | undefined }
  & { readonly steps: number };

/** Steps from the one that showed last what is asked for to the one that asks. */
export const lagOf = ({ position, shown = NaN }: Recall): number => position - 1 - shown;

/** The inputs of every character task: scalars at each step. */
const inputs: InputDeclarations = {
  symbol: [],
  target: [],
  mask: [],
  recall: [],
  last: [],
};

/** The recall of a half that comes again, reversed, after the symbol in the middle. */
export const mirrored = (half: number): Recall[] =>
  Array.from({ length: half }, (_, i) => ({ position: half + 1 + i, shown: half - 1 - i }));

/**
 * The arrays [T] of a text. At step t:
 *
 * - `symbol`: the symbol at position t
 * - `target`: the symbol at position t + 1, or the target that the text gives
 * - `mask`: 1 where that target exists and is judged
 * - `recall`: 1 where the target is to be recalled
 * - `last`: 1 where the target is the last one
 * - `lag`, if there are `lags`: that of the recall at this step
 * - `mistake` [C], if there are `mistakes`: what each symbol would be as an answer (`mistakeCode`); what is right
 *   is none, and what is stale is no other's
 *
 * Beyond the end of the text all are 0. A text shorter than T + 1 shows its last symbol too, at the first
 * step with mask 0, where nothing is judged.
 *
 * @throws RangeError if the text does not fit, has a symbol outside the alphabet, or has a recall position
 * that is not a target.
 */
export function characterSequence(
  { text, targets = text.slice(1), recall }: Characters,
  { alphabet, steps, judged = "all", lags, mistakes }: Layout,
): Sequence {
  const last = targets.length;
  if (last < 1 || last > steps) {
    throw new RangeError(`Text "${text}" has ${text.length} symbols, expected 2..${steps + 1}`);
  }
  const symbolsOf = (characters: string) =>
    Array.from({ length: characters.length }, (_, position) => {
      const symbol = alphabet.indexOf(characters.charAt(position));
      if (symbol < 0) {
        throw new RangeError(`Text "${text}": position ${position} is not in "${alphabet}"`);
      }
      return symbol;
    });
  const array = () => new Float32Array(steps);
  const sequence = {
    symbol: array(),
    target: array(),
    mask: array(),
    recall: array(),
    last: array(),
    ...lags ? { lag: array() } : {},
    ...mistakes ? { mistake: new Float32Array(steps * alphabet.length) } : {},
  };
  sequence.symbol.set(symbolsOf(text).slice(0, steps));
  sequence.target.set(symbolsOf(targets));
  for (const asked of recall) {
    const { position } = asked;
    if (!Number.isInteger(position) || position < 1 || position > last) {
      throw new RangeError(`Text "${text}": recall position ${position} is not in 1..${last}`);
    }
    const t = position - 1;
    sequence.recall[t] = 1;
    if (sequence.lag) sequence.lag[t] = lagOf(asked);
    if (sequence.mistake) {
      const codes = mistakesOf(asked, { alphabet, right: targets.charAt(t) });
      sequence.mistake.set(codes, t * alphabet.length);
    }
  }
  if (judged === "recall") sequence.mask.set(sequence.recall);
  else sequence.mask.fill(1, 0, last);
  sequence.last[last - 1] = 1;
  return sequence;
}

/** What each symbol would be as an answer, [C]. */
function mistakesOf(
  { stale = [], others = [] }: Recall,
  { alphabet, right }: { readonly alphabet: string; readonly right: string },
): number[] {
  const codes = new Array<number>(alphabet.length).fill(0);
  const mark = (symbols: readonly string[], kind: Mistake) => {
    for (const symbol of symbols) codes[alphabet.indexOf(symbol)] = mistakeCode(kind);
  };
  mark(others, "wrong_key");
  mark(stale, "stale");
  codes[alphabet.indexOf(right)] = 0;
  return codes;
}

/** Says what numbers of a task are about that holds out texts. */
const splitNote =
  "held_out texts: validation and test hold out 1/16 of all texts each; chance and best loss are those of all texts";

/**
 * Makes a task from a generator of texts.
 *
 * @throws SettingError if texts are to be held out, and there are too few.
 * @example
 * characterTask({ name: "echo", summary: "The same again", alphabet: "ab", longest: 2, chance: 1,
 *   bestLoss: 0, draw: (random) => ({ text: random.sample(["aa", "bb"]), recall: [{ position: 1 }] }) });
 */
export function characterTask(
  {
    longest,
    draw,
    texts = Infinity,
    held_out: heldOut,
    judged = "all",
    bestLoss,
    lags,
    mistakes,
    ...facts
  }: CharacterTaskOptions,
): Task {
  const steps = longest - 1;
  const { name, alphabet } = facts;
  const symbols = alphabet.length;
  const layout = { alphabet, steps, judged, lags, mistakes };
  if (heldOut === "texts") checkTextCount(name, texts);
  return {
    ...facts,
    bestLoss: judged === "recall" ? 0 : bestLoss,
    steps,
    inputs: {
      ...inputs,
      ...lags ? { lag: [] } : {},
      ...mistakes ? { mistake: [symbols] } : {},
    },
    loss: crossEntropyOfRecall({
      ...lags ? { lags } : {},
      ...mistakes ? { mistakes: { symbols, kinds: mistakes } } : {},
    }),
    output: [symbols],
    sizes: { symbols },
    score: "recall_accuracy",
    ...heldOut === "texts" ? { notes: [splitNote] } : {},
    sequence(random, which) {
      const drawText = () => draw(random, which);
      const text = heldOut === "texts" ? drawOfSplit(drawText, which) : drawText();
      return characterSequence(text, layout);
    },
  };
}
