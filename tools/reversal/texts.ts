/** Every text of 3_palindrome_vary, its recall steps, and how likely it is. */
import { findTask } from "../../mod.ts";
import { TASK } from "./train_networks.ts";

/** Longest half. */
export const LONGEST = 3;

/** A recall step, by what it takes to answer. */
export interface Question {
  /** The step whose target is asked. */
  readonly step: number;
  /** Steps since the asked symbol was shown: 1, 3 or 5. */
  readonly lag: number;
  /** Whether the asked symbol has been the target of an earlier step. */
  readonly wasTarget: boolean;
}

export interface Text {
  /** h, symbols of the half. */
  readonly half: number;
  readonly symbols: readonly number[];
  readonly probability: number;
  readonly questions: readonly Question[];
}

const alphabet = findTask(TASK).build().alphabet!;
const MIDDLE = alphabet.indexOf(".");
export const END = alphabet.indexOf(" ");
/** Numbers of the symbols of halves. */
export const LETTERS = [...alphabet].map((_, i) => i).filter((i) => i !== MIDDLE && i !== END);

const halves = (length: number): number[][] =>
  length === 0
    ? [[]]
    : halves(length - 1).flatMap((start) => LETTERS.map((letter) => [...start, letter]));

/** The text of a half. */
export function textOf(half: readonly number[]): number[] {
  const text = [...half, MIDDLE, ...half.toReversed()];
  return [...text, ...Array<number>(2 * LONGEST + 1 - text.length).fill(END)];
}

/** All 399 texts. */
export function allTexts(): Text[] {
  return Array.from({ length: LONGEST }, (_, i) => i + 1).flatMap((length) =>
    halves(length).map((half): Text => {
      const symbols = textOf(half);
      const questions = half.map((_, i): Question => {
        const step = length + i;
        const asked = symbols[step + 1]!;
        return { step, lag: 2 * i + 1, wasTarget: symbols.slice(1, step + 1).includes(asked) };
      });
      const probability = 1 / LONGEST / LETTERS.length ** length;
      return { half: length, symbols, probability, questions };
    })
  );
}
