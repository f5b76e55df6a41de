/** Everything that is measured of the trained networks, and estimates over seeds. */
import { meanInterval } from "../../core/numerics/statistics.ts";
import { evidenceOf, pairsOf } from "./evidence.ts";
import { type FastNetwork, readFastNetwork } from "./fast_network.ts";
import { growthOf } from "./growth.ts";
import { influenceOf } from "./influence.ts";
import { meanOf, memoryOf } from "./interference.ts";
import { FORMS, keyRead } from "./key_read.ts";
import { recallOf } from "./recall.ts";
import { run } from "./replay.ts";
import type { Estimate } from "./svg.ts";
import { allTexts, LETTERS, LONGEST, type Text } from "./texts.ts";
import { type Moment, SEEDS, type Training } from "./train_networks.ts";

const texts = allTexts();
/** Texts of the longest half without a symbol twice: all 210. */
const distinct = texts.filter(({ half, symbols }) =>
  half === LONGEST && new Set(symbols.slice(0, half)).size === half
);
/** A share of them, evenly spaced. */
const some = (count: number): Text[] =>
  distinct.filter((_, i) => i % Math.floor(distinct.length / count) === 0);

/** The questions of which parts of writes are exchanged, and the step that showed the asked symbol as the previous one. */
export const LAGS = {
  "lag 3, half of 2": { half: 2, lag: 3, from: 1, asks: "a" },
  "lag 3, half of 3": { half: 3, lag: 3, from: 2, asks: "b" },
  "lag 5": { half: 3, lag: 5, from: 1, asks: "a" },
} as const;
export type LagName = keyof typeof LAGS;
export const lagNames = Object.keys(LAGS) as LagName[];

export const mapRecord = <K extends string, A, B>(
  record: Readonly<Record<K, A>>,
  f: (value: A) => B,
) =>
  Object.fromEntries(Object.entries<A>(record).map(([key, value]) => [key, f(value)])) as Record<
    K,
    B
  >;

/** Mean and t interval over seeds. */
export function estimate(values: readonly number[]): Estimate {
  const { low, high } = meanInterval(values) ?? { low: NaN, high: NaN };
  return { values, mean: meanOf(values), low, high };
}

/** The networks of a moment, one a seed. */
export function networksOf({ settings }: Training, { tensors }: Moment): FastNetwork[] {
  const memory = settings["memory"] === true;
  return SEEDS.map((_, replica) => readFastNetwork(tensors, { replica, memory }));
}

/**
 * How much a prediction leans to the previous symbol when the second symbol of a half is shown: its log
 * probability less the mean of the other letters', nats.
 */
function tiltOf(network: FastNetwork, texts: readonly Text[]): number {
  return meanOf(texts.map(({ symbols }) => {
    const { logits, previous, symbol } = run(network, symbols.slice(0, 3))[1]!;
    const others = LETTERS.filter((letter) => letter !== previous && letter !== symbol);
    return logits[previous]! - meanOf(others.map((letter) => logits[letter]!));
  }));
}

/** What is found in one network. */
export function lookInside(network: FastNetwork) {
  return {
    recall: recallOf(network, texts, { plastic: true }),
    recallOff: recallOf(network, texts, { plastic: false }),
    evidence: mapRecord(LAGS, (lag) => evidenceOf(network, texts, lag)),
    keys: mapRecord(LAGS, (lag) => {
      const pairs = pairsOf(network, texts, lag);
      return mapRecord(FORMS, (form) => keyRead(network, pairs, { from: lag.from, form }));
    }),
    tilt: tiltOf(network, distinct),
    influence: influenceOf(network, some(105)),
    layers: memoryOf(network, some(15)),
  };
}
export type Inside = ReturnType<typeof lookInside>;

/** What is found in a network whose mask is another one. */
export function lookAtMask(network: FastNetwork) {
  const lag = LAGS["lag 3, half of 2"];
  const write = { from: lag.from, form: "in the network" } as const;
  return {
    recall: recallOf(network, texts, { plastic: true }),
    evidence: evidenceOf(network, texts, lag),
    key: keyRead(network, pairsOf(network, texts, lag), write),
  };
}
export type Masked = ReturnType<typeof lookAtMask>;

export const recallNow = (network: FastNetwork) => recallOf(network, texts, { plastic: true });
export const growthNow = (network: FastNetwork) => growthOf(network, some(30));
