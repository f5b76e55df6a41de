/**
 * An n-gram model of characters, interpolated as Witten and Bell (1991) do: what a table of counts predicts, to
 * compare networks with. With N(h) occurrences of context h, D(h) different symbols after it, and h' the context
 * without its oldest symbol,
 *
 *     P(c | h) = (N(h c) + D(h) P(c | h')) / (N(h) + D(h)),
 *
 * and 1 / symbols behind the shortest one.
 */
import { CountTable } from "./count_table.ts";
import { type Documents, startOf } from "./documents.ts";
import type { WindowOrder } from "./windows.ts";

/** n: a symbol is predicted from the 4 before it. */
const mostOrder = 5;
/** Characters that are counted, and judged, at most: more change the third digit. */
export const mostCounted = 5_000_000;
const mostJudged = 200_000;

const columns = { occurrences: 0, followed: 1, followers: 2 } as const;

/** A model that was counted. */
export interface NGram {
  /** n. */
  readonly order: number;
  /** Nats of the symbol at a place, of which only the symbols from `start` on are known. */
  surprise(
    symbols: Documents["symbols"],
    place: { readonly at: number; readonly start: number },
  ): number;
}

/** Counts the first documents. */
export function countNGrams(documents: Documents, symbolCount: number): NGram {
  const base = symbolCount + 1;
  // Numbers of n digits have to be exact.
  const order = Math.min(mostOrder, Math.floor(53 * Math.LN2 / Math.log(base)));
  const table = new CountTable(3);
  const { symbols, ends } = documents;
  for (let document = 0; document < ends.length; document++) {
    const start = startOf(documents, document);
    if (start > mostCounted) break;
    for (let at = start + 1; at < ends[document]!; at++) {
      eachGram(symbols, { at, start, order, base }, (context, gram) => {
        if (table.increase(gram, columns.occurrences) === 0) {
          table.increase(context, columns.followers);
        }
        table.increase(context, columns.followed);
      });
    }
  }
  return {
    order,
    surprise(symbols, { at, start }) {
      let probability = 1 / symbolCount;
      eachGram(symbols, { at, start, order, base }, (context, gram) => {
        const followed = table.get(context, columns.followed);
        if (followed === 0) return;
        const followers = table.get(context, columns.followers);
        const occurrences = table.get(gram, columns.occurrences);
        probability = (occurrences + followers * probability) / (followed + followers);
      });
      return -Math.log(probability);
    },
  };
}

/**
 * The contexts of a symbol, the shortest first, and with the symbol, as numbers: digits are symbols + 1, so that no
 * two of any length are one number.
 */
function eachGram(
  symbols: Documents["symbols"],
  { at, start, order, base }: { at: number; start: number; order: number; base: number },
  visit: (context: number, gram: number) => void,
): void {
  const symbol = symbols[at]! + 1;
  let context = 0;
  for (let digits = 0, weight = 1; digits < order; digits++, weight *= base) {
    visit(context, context * base + symbol);
    const before = at - 1 - digits;
    if (before < start) return;
    context += (symbols[before]! + 1) * weight;
  }
}

/** Mean nats of a prediction in the first windows of an order, each without what is in front of it. */
export function judgeNGram(model: NGram, { symbols }: Documents, order: WindowOrder): number {
  let [nats, predictions] = [0, 0];
  for (let index = 0; index < order.count && predictions < mostJudged; index++) {
    const { start, steps } = order.at({ seed: 0, index, batch: 1 });
    for (let step = 0; step < steps; step++) {
      nats += model.surprise(symbols, { at: start + step + 1, start });
    }
    predictions += steps;
  }
  return nats / predictions;
}
