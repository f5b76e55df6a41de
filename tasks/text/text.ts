/**
 * Text: documents of a file or data set, read in windows of characters; the target at every step is the next one.
 *
 * Chance and best loss of a text are not known. In their place stands an n-gram model, counted on the same documents
 * and judged on the same held-out windows.
 */
import { z } from "../../deps/zod.ts";
import { textLoss } from "../../core/losses/text_loss.ts";
import { continuesDeclaration, continuesInput } from "../../core/training/continues.ts";
import { SettingError } from "../../core/training/setting_error.ts";
import type { Samples, Sequence, Split, Task } from "../../core/training/task.ts";
import { defineTask, type TaskEntry, type TaskFacts } from "../entry.ts";
import type { TextTaskSettings } from "../settings.ts";
import { type Corpus, lineBreak } from "./corpus.ts";
import { startOf } from "./documents.ts";
import { countNGrams, judgeNGram, mostCounted } from "./ngram.ts";
import { openCorpus } from "./open_corpus.ts";
import { heldOutOrder, trainingOrder, type Window, type WindowOrder } from "./windows.ts";

/** Steps of a window where nobody says how many. */
const usualLength = 64;
/** A prompt is this share of a window. */
const promptShare = 1 / 8;
/** Kinds of dropped characters that are named. */
const mostNamed = 8;

const config = z.strictObject({
  dataset: z.string().min(1).default("names").describe(
    "What is read: names or book, which come along; a .txt, .csv, .jsonl or .parquet; or a published name such as roneneldan/tinystories",
  ),
  column: z.string().min(1).optional().describe(
    "Column of a table with the texts (default: as published, the only one, or text)",
  ),
  documents: z.enum(["lines", "paragraphs"]).default("lines").describe(
    "What a document of a .txt is: a line, or a paragraph between empty lines",
  ),
  rows: z.int().min(1).max(1_000_000_000).default(1_000_000).describe(
    "Documents that are read at most, from the first one on",
  ),
  alphabet: z.enum(["published", "data"]).default("published").describe(
    "Characters that count: letters, digits, ,.;:'\"?!-, line break and space; or all of the documents of training",
  ),
  line_ends: z.boolean().default(false).describe(
    "End every document with a line break, which is predicted too, and ends texts that are written",
  ),
  length: z.int().min(1).max(100_000).optional().describe(
    "T, characters of a window (default: 64, or those of the longest document if fewer)",
  ),
  carry: z.boolean().default(true).describe(
    "Let the state go on from window to window of a document in training",
  ),
  samples: z.int().min(0).max(100).default(3).describe(
    "Texts that the trained network writes for the report (0: none)",
  ),
  sample_length: z.int().min(2).max(10_000).default(100).describe(
    "Characters of such a text, with those that it begins with",
  ),
  temperature: z.number().min(0).max(100).default(0.7).describe(
    "How freely it chooses: below 1 likely characters more often (0: always the likeliest)",
  ),
  prompt: z.string().min(1).optional().describe(
    "What all of its texts begin with (default: beginnings of held-out documents)",
  ),
});

type Settings = z.output<typeof config>;

/**
 * Characters of documents, T = 64 steps of one of 73 symbols, or fewer.
 *
 * @example
 * const task = findTask("text").build({ dataset: "book", length: 32 });
 * const { symbol, target, mask } = drawSequence(task, { seed: 1 }); // [T] each
 */
export const text: TaskEntry<TextTaskSettings> = defineTask({
  name: "text",
  summary: "Predict the next character of documents",
  config,
  small: { length: 8 },
  lengths: ["samples", "sample_length", "temperature", "prompt"],
  build: textTask,
});

function textTask(settings: Settings, facts: TaskFacts): Task {
  const corpus = openCorpus(settings, facts.name);
  const { alphabet, splits, longest } = corpus;
  const length = settings.length ?? Math.min(usualLength, longest - 1);
  const orders: Readonly<Record<Split, WindowOrder>> = {
    train: trainingOrder(splits.train, { length, carry: settings.carry }),
    validation: heldOutOrder(splits.validation, length),
    test: heldOutOrder(splits.test, length),
  };
  const symbols = alphabet.length;
  let guessing: Task["guessing"];
  return {
    ...facts,
    steps: length,
    inputs: {
      symbol: [],
      target: [],
      mask: [],
      ...settings.carry ? { [continuesInput]: continuesDeclaration } : {},
    },
    loss: textLoss,
    output: [symbols],
    sizes: { symbols },
    alphabet,
    score: "bits_per_character",
    /** Counted when somebody asks: the thread that draws ahead does not. */
    get guessing() {
      return guessing ??= baseline(corpus, orders.test);
    },
    guessedBy: "5-gram",
    get dataHash() {
      return corpus.hash();
    },
    heldOut: { validation: orders.validation.count, test: orders.test.count },
    samples: samplesOf(corpus, { settings, task: facts.name, length }),
    notes: notesOf(corpus, { settings, orders }),
    sequence({ address: { seed } }, { split, index, batch = 1 }) {
      const window = orders[split].at({ seed, index, batch });
      return sequenceOf(splits[split].symbols, window, settings.carry);
    },
  };
}

/** The arrays of a window, as long as it is. */
function sequenceOf(
  symbols: Corpus["splits"]["train"]["symbols"],
  { start, steps, continues }: Window,
  carry: boolean,
): Sequence {
  return {
    symbol: new Float32Array(symbols.subarray(start, start + steps)),
    target: new Float32Array(symbols.subarray(start + 1, start + steps + 1)),
    mask: new Float32Array(steps).fill(1),
    ...carry ? { [continuesInput]: Float32Array.of(Number(continues)) } : {},
  };
}

/** What an n-gram model reaches. */
function baseline({ splits, alphabet }: Corpus, order: WindowOrder): Record<string, number> {
  const nats = judgeNGram(countNGrams(splits.train, alphabet.length), splits.test, order);
  return { loss: nats, bits_per_character: nats / Math.LN2, perplexity: Math.exp(nats) };
}

/** What the trained network goes on from: the prompt, or the beginnings of documents of the test. */
function samplesOf(
  { alphabet, splits: { test } }: Corpus,
  { settings, task, length }: { settings: Settings; task: string; length: number },
): Samples {
  const { samples, sample_length: written, temperature, prompt } = settings;
  const known = [...(prompt ?? "").normalize("NFC")].filter((one) => alphabet.includes(one)).join(
    "",
  );
  if (prompt !== undefined && known === "") {
    throw new SettingError(
      { task, key: "prompt" },
      "characters of the alphabet",
      JSON.stringify(prompt),
    );
  }
  if (known.length >= written) {
    const expected = `more than the ${known.length} characters of the prompt`;
    throw new SettingError({ task, key: "sample_length" }, expected, written);
  }
  const characters = Math.min(written - 1, Math.max(1, Math.round(length * promptShare)));
  const beginnings = Array.from({ length: samples }, (_, index) => {
    // Neighbours of a list in alphabetical order begin alike.
    const document = Math.floor((index + 0.5) * test.ends.length / samples);
    const start = startOf(test, document);
    const end = Math.min(start + characters, test.ends[document]! - 1);
    return Array.from(test.symbols.subarray(start, end), (symbol) => alphabet[symbol]).join("");
  });
  return {
    prompts: prompt === undefined ? beginnings : beginnings.map(() => known),
    length: written,
    temperature,
    ...settings.line_ends ? { end: lineBreak } : {},
  };
}

/** A character as a terminal may show it: in quotes, or by its code point. */
function shown(character: string): string {
  if (/^[\p{L}\p{N}\p{P}\p{S}]$/u.test(character)) return `"${character}"`;
  return `U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, "0")}`;
}

/** What the documents come to. */
function notesOf(
  { splits, dropped, alphabet }: Corpus,
  { settings, orders }: { settings: Settings; orders: Readonly<Record<Split, WindowOrder>> },
): string[] {
  const parts = (["train", "validation", "test"] as const).map((split) => {
    const { ends, symbols } = splits[split];
    return `${split} ${ends.length} documents, ${symbols.length} characters, ${
      orders[split].count
    } windows`;
  });
  const count = [...dropped.values()].reduce((sum, value) => sum + value, 0);
  const named = [...dropped].slice(0, mostNamed)
    .map(([character, times]) => `${shown(character)} ${times}`).join(", ");
  const more = dropped.size > mostNamed ? ` and ${dropped.size - mostNamed} more kinds` : "";
  return [
    `dataset ${settings.dataset}: ${alphabet.length} symbols; ${parts.join("; ")}`,
    ...count === 0
      ? []
      : [`dataset: ${count} characters are outside the alphabet and left out: ${named}${more}`],
    ...splits.train.symbols.length > mostCounted
      ? [`dataset: the 5-gram model is counted on the first ${mostCounted} characters`]
      : [],
  ];
}
