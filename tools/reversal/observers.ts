/** The best recall of observers who remember one kind of thing perfectly, over all texts; no training. */
import { GROUPS } from "./recall.ts";
import type { Text } from "./texts.ts";

/** What an observer knows before it predicts symbol t + 1 of a text. */
type Knowledge = (symbols: readonly number[], t: number) => readonly number[];

const places = (t: number) => Array.from({ length: t }, (_, i) => i);
const set = (symbols: readonly number[]) => [...new Set(symbols)].sort();
const window: Knowledge = (symbols, t) => [symbols[t]!, symbols[t - 1] ?? -1];

export const OBSERVERS: Readonly<Record<string, Knowledge>> = {
  /** The input alone. */
  "last two symbols": window,
  /** What errors hold, whatever their keys. */
  "and every target so far": (
    symbols,
    t,
  ) => [...window(symbols, t), -9, ...set(symbols.slice(1, t + 1))],
  /** What errors hold, read with the current symbol as key: a -> b. */
  "and what followed the current symbol": (symbols, t) => [
    ...window(symbols, t),
    -9,
    ...set(places(t).filter((s) => symbols[s] === symbols[t]).map((s) => symbols[s + 1]!)),
  ],
  /** The other way: b -> a, the newest one. */
  "and what stood before the current symbol": (symbols, t) => [
    ...window(symbols, t),
    -9,
    symbols[places(t).findLast((s) => symbols[s] === symbols[t])! - 1] ?? -1,
  ],
};

/** The recall of the most probable answer, by group. It is judged at every step, as a network is trained. */
export function bestRecall(texts: readonly Text[], knows: Knowledge): Record<string, number> {
  const chances = new Map<string, Map<number, number>>();
  for (const { symbols, probability } of texts) {
    symbols.slice(0, -1).forEach((_, t) => {
      const known = knows(symbols, t).join();
      const next = chances.get(known) ?? new Map<number, number>();
      next.set(symbols[t + 1]!, (next.get(symbols[t + 1]!) ?? 0) + probability);
      chances.set(known, next);
    });
  }
  // Of equally probable answers each is given equally often.
  const rightShare = (known: string, target: number) => {
    const next = chances.get(known)!, most = Math.max(...next.values());
    const best = [...next].filter(([, p]) => p > most * (1 - 1e-9)).map(([symbol]) => symbol);
    return best.includes(target) ? 1 / best.length : 0;
  };
  return Object.fromEntries(
    Object.entries(GROUPS).map(([name, belongs]) => {
      let [right, all] = [0, 0];
      for (const text of texts) {
        for (const question of text.questions.filter((one) => belongs(text, one))) {
          const known = knows(text.symbols, question.step).join();
          all += text.probability;
          right += text.probability * rightShare(known, text.symbols[question.step + 1]!);
        }
      }
      return [name, right / all];
    }),
  );
}
