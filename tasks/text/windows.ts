/**
 * Windows of documents, and the order in which they are read. A window of T steps reads T characters and predicts
 * the one after each; the next window of the document begins where it ends, so each character but the first of a
 * document is predicted once.
 */
import { type RandomStream, randomStream, streamOf } from "../../core/random.ts";
import { type Documents, startOf } from "./documents.ts";

/** A stretch of a document. */
export interface Window {
  /** Where it begins among all symbols. */
  readonly start: number;
  /** How many characters it predicts, 1 to T. */
  readonly steps: number;
  /** Whether the state goes on from the window that was read before it in its place of the batch. */
  readonly continues: boolean;
}

/** Windows in an order. */
export interface WindowOrder {
  /** W, how many there are. */
  readonly count: number;
  /** The window of a sequence. What was asked before does not matter. */
  at(sequence: { readonly seed: number; readonly index: number; readonly batch: number }): Window;
}

const stream = streamOf("text/epoch");

/**
 * The order of training: each window once an epoch. Without `carry` windows are shuffled. With it documents are, their
 * windows are laid end to end, and B places of a batch read B stretches of them side by side, so that a window comes
 * right after the one before it in its document, in the same place. Fewer than B windows at the end of an epoch are
 * left out, and a document that a stretch begins within begins there anew.
 */
export function trainingOrder(
  documents: Documents,
  { length, carry }: { length: number; carry: boolean },
): WindowOrder {
  const all = layOut(documents, length);
  const shuffledOf = remembered((seed, epoch) => {
    const random = randomStream({ seed, stream, step: epoch });
    return carry ? layOut(documents, length, random) : shuffled(all.count, random);
  });
  const windowAt = (seed: number, epoch: number, place: number) => {
    const order = shuffledOf(seed, epoch);
    return order instanceof Uint32Array ? all.at(order[place]!) : order.at(place);
  };
  return {
    count: all.count,
    at({ seed, index, batch }) {
      const turns = Math.floor(all.count / batch);
      if (!carry || turns === 0) {
        const window = windowAt(seed, Math.floor(index / all.count), index % all.count);
        return { ...window, continues: false };
      }
      const [turn, row] = [Math.floor(index / batch), index % batch];
      const inStretch = turn % turns;
      const window = windowAt(seed, Math.floor(turn / turns), row * turns + inStretch);
      return inStretch === 0 ? { ...window, continues: false } : window;
    },
  };
}

/** The order of held-out windows, the same one for every seed; each begins anew. */
export function heldOutOrder(documents: Documents, length: number): WindowOrder {
  const all = layOut(documents, length);
  const order = shuffled(all.count, randomStream({ seed: 0, stream }));
  return {
    count: all.count,
    at: ({ index }) => ({ ...all.at(order[index % all.count]!), continues: false }),
  };
}

const shuffled = (count: number, random: RandomStream): Uint32Array =>
  random.shuffle(Uint32Array.from({ length: count }, (_, index) => index));

/** The windows of documents end to end. @param random shuffles the documents; default: in their order. */
function layOut(documents: Documents, length: number, random?: RandomStream) {
  const { ends } = documents;
  const order = Uint32Array.from(ends, (_, document) => document);
  random?.shuffle(order);
  /** Number of the first window of the document in each place. */
  const firsts = new Uint32Array(order.length);
  let count = 0;
  order.forEach((document, place) => {
    firsts[place] = count;
    count += Math.ceil((ends[document]! - startOf(documents, document) - 1) / length);
  });
  return {
    count,
    at(number: number): Window {
      const place = lastAtMost(firsts, number);
      const document = order[place]!;
      const inDocument = number - firsts[place]!;
      const start = startOf(documents, document) + inDocument * length;
      const steps = Math.min(length, ends[document]! - 1 - start);
      return { start, steps, continues: inDocument > 0 };
    },
  };
}

/** The last place of rising numbers that holds at most a number. */
function lastAtMost(numbers: Uint32Array, most: number): number {
  let [low, high] = [0, numbers.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (numbers[middle]! <= most) low = middle;
    else high = middle;
  }
  return low;
}

/** Keeps the last value of each seed: an epoch takes long to shuffle, and is asked for window by window. */
function remembered<Value>(make: (seed: number, epoch: number) => Value) {
  const kept = new Map<number, { readonly epoch: number; readonly value: Value }>();
  return (seed: number, epoch: number): Value => {
    const last = kept.get(seed);
    if (last?.epoch === epoch) return last.value;
    const value = make(seed, epoch);
    kept.set(seed, { epoch, value });
    return value;
  };
}
