/**
 * Streams whose keys switch: keys, each followed by its present value, which changes at times.
 *
 * `kv_stream_3`: "b5a0b5b5a0c3a7b5a7": K keys, drawn uniformly and independently. Where a key comes for the first
 * time its value is uniform among V; later it is the same as last time, or, with probability s (`switching`), one
 * of the V - 1 others. So a pair asks for a value and writes it at once, and nothing but the error tells that a key
 * has switched.
 *
 * **Carried memory.** A sequence is a window of `pairs` pairs. With `windows` W, W windows in a row are one
 * stream, in which keys keep their values: what was written in one is asked for in the next, by networks whose
 * fast weights are carried over sequences. `streams` run side by side: sequence i is window ⌊i/streams⌋ of stream
 * i mod streams. Unless it is given that is B, the sequences of a batch, so that each place of the batch reads one stream.
 *
 * Recall: values of keys that the stream had before and that have not switched. Chance: such a value is uniform
 * whatever the key and the step are: 1/V.
 *
 * Best loss, of a predictor that carries what it knows over the W windows: each key costs ln K; a value that was
 * never seen costs ln V, any other h(s) + s ln(V - 1). Of W E pairs K (1 - (1 - 1/K)^(W E)) are expected to be
 * first ones; with f their share of all pairs, E pairs a window, the first key of which is never a target:
 *
 *   ((E - 1) ln K + E (f ln V + (1 - f) (h(s) + s ln(V - 1)))) / (2E - 1)
 *
 * Where only what is to be recalled is judged, no judged key has switched: it is 0.
 */
import { z } from "../deps/zod.ts";
import { type RandomStream, randomStream } from "../core/random.ts";
import { type Characters, characterTask } from "./characters.ts";
import { judgedSettings } from "./character_settings.ts";
import { binaryEntropy } from "./entropy.ts";
import { defineTask, type TaskEntry } from "./entry.ts";
import { LETTERS, VALUES } from "./key_value_symbols.ts";
import { numberedTask } from "./numbered_task.ts";
import type { KvStreamTaskSettings } from "./settings.ts";

interface Recipe {
  readonly keys: string;
  readonly values: string;
  readonly pairs: number;
  readonly switching: number;
  readonly windows: number;
}

/** What a key had in its stream. */
interface History {
  /** Its values, the latest last. */
  readonly values: string[];
  /** Position of the latest, counted from the start of the window. */
  shown: number;
}

/** Draws a window; the histories of its stream go on. */
function drawWindow(
  { keys, values, pairs, switching }: Recipe,
  { random, histories }: { random: RandomStream; histories: Map<string, History> },
): Characters {
  let text = "";
  const recall = [];
  for (let pair = 0; pair < pairs; pair++) {
    const key = random.sample(keys);
    const history = histories.get(key) ?? { values: [], shown: NaN };
    const present = history.values.at(-1);
    const isNew = present === undefined || random.uniform() < switching;
    const value = isNew ? random.sample([...values].filter((value) => value !== present)) : present;
    const position = text.length + 1;
    if (isNew) history.values.push(value);
    else {
      recall.push({
        ...{ position, shown: history.shown, stale: history.values.slice(0, -1) },
        others: [...histories].flatMap(([other, { values }]) =>
          other === key ? [] : [values.at(-1)!]
        ),
      });
    }
    history.shown = position;
    histories.set(key, history);
    text += key + value;
  }
  return { text, recall };
}

/** Draws the windows of a stream up to the one that is asked for. */
function drawStream(
  recipe: Recipe,
  { random, streams }: { random: RandomStream; streams: number },
): Characters {
  const { windows, pairs } = recipe;
  const { step, ...address } = random.address;
  const histories = new Map<string, History>();
  for (let before = Math.floor(step / streams) % windows; before > 0; before--) {
    const earlier = randomStream({ ...address, step: step - before * streams });
    drawWindow(recipe, { random: earlier, histories });
    for (const history of histories.values()) history.shown -= 2 * pairs;
  }
  return drawWindow(recipe, { random, histories });
}

/**
 * `kv_stream_K`: K keys whose values switch at times; T = 2 pairs - 1.
 *
 * @example
 * const task = findTask("kv_stream_4").build({ windows: 20 });
 * const { symbol, target, recall } = drawSequence(task, { seed: 1, index: 9, batch: 8 }); // window 1 of stream 1
 */
export const kvStream: TaskEntry<KvStreamTaskSettings> = numberedTask("kv_stream", {
  place: "after",
  numbers: [{ symbol: "K", least: 1, most: LETTERS.length, fallback: 2 }],
  aliases: [],
  at: (name, [keys = 2]) =>
    defineTask({
      name,
      summary: `${keys} keys with values that switch at times`,
      config: z.strictObject({
        pairs: z.int().min(2).max(4096).default(32).describe("E, keys with values in a sequence"),
        switching: z.number().min(0).max(0.9).default(0.1)
          .describe("s, probability that a key comes with another value"),
        values: z.int().min(2).max(VALUES.length).default(8).describe("V, different values"),
        windows: z.int().min(1).max(1024).default(1)
          .describe("W, sequences in a row in which keys keep their values"),
        streams: z.int().min(1).max(65536).optional()
          .describe("Streams side by side (default: one a sequence of the batch)"),
        ...judgedSettings,
      }),
      small: { pairs: 4 },
      build({ values, judged, streams, ...settings }, facts) {
        const { pairs, switching: s, windows } = settings;
        const recipe = {
          ...settings,
          keys: LETTERS.slice(0, keys),
          values: VALUES.slice(0, values),
        };
        const first = keys * (1 - (1 - 1 / keys) ** (windows * pairs)) / (windows * pairs);
        const known = binaryEntropy(s) + s * Math.log(values - 1);
        const unknown = (pairs - 1) * Math.log(keys) +
          pairs * (first * Math.log(values) + (1 - first) * known);
        return characterTask({
          ...facts,
          judged,
          alphabet: recipe.keys + recipe.values,
          longest: 2 * pairs,
          chance: 1 / values,
          bestLoss: unknown / (2 * pairs - 1),
          lags: { least: 1, most: 2 * windows * pairs - 3, step: 2 },
          mistakes: ["stale", "wrong_key"],
          draw: (random, { batch = 1 }) =>
            drawStream(recipe, { random, streams: streams ?? batch }),
        });
      },
    }),
});
