/** The files of one run folder, as the report reads them. */
import { join } from "node:path";
import { z } from "../deps/zod.ts";
import { firstProblem } from "../config/explain_issue.ts";
import { UsageError } from "../config/usage_error.ts";
import type { Divergence } from "../core/training/divergence.ts";
import { collectMetrics, type RunMetrics } from "./run_metrics.ts";
import { parseJsonObject } from "../store/files/json_file.ts";
import { readText, sizeLimits } from "../store/files/open_file.ts";
import { plainFile } from "../store/files/plain_path.ts";
import { readLines } from "../store/files/read_lines.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { type MetricFacts, metricKinds } from "../core/losses/loss_metric.ts";
import type { Interval } from "../core/numerics/statistics.ts";
import { unpackFloats } from "../store/base64_floats.ts";
import { ownFiguresName, ownFiguresSchema, type StoredFigure } from "./own_figures.ts";
import {
  samplesName,
  samplesSchema,
  type StoredSamples,
} from "../analysis/samples/samples_file.ts";
import { type SweepNames, sweepNames } from "./sweep_names.ts";

/** A metric: one number, a number for each replica, or text. Numbers may be NaN or infinite. */
export type MetricValue = number | readonly number[] | string;

/** Metrics by name. */
export type MetricsRow = Readonly<Record<string, MetricValue>>;

export interface RunStatus {
  /** Name of the run. */
  readonly run?: string;
  /** `running`, `finished`, `diverged`, ... */
  readonly state?: string;
  readonly end_reason?: string | null;
  readonly iterations?: number;
  readonly sequences?: number;
  readonly seconds?: number;
  readonly device?: string;
  /** The replicas that have diverged: after which update, and which numbers were not finite. */
  readonly diverged?: readonly Divergence[];
  /** The final value of each metric. */
  readonly metrics: MetricsRow;
}

/** A matrix to draw. `values` is [rows, columns], row-major; of weights that is [post, pre]. */
export interface RunMatrix {
  readonly name: string;
  readonly title?: string;
  /** What the model says that it is. */
  readonly summary?: string;
  readonly rows: number;
  readonly columns: number;
  readonly values: Float32Array;
  readonly replica?: number;
}

export interface RunFigures {
  readonly matrices: readonly RunMatrix[];
  readonly bounds: {
    /** The metric that the task is about. */
    readonly score?: string;
    /** The score of a guesser without memory. */
    readonly chance?: number;
    readonly best_loss?: number;
    /** What a network reaches that guesses, by metric. */
    readonly guessing?: Readonly<Record<string, number>>;
    /** What guesses so, where it has a name. */
    readonly guessed_by?: string;
    /** The loss of a network to which all answers are as likely. */
    readonly guess_loss?: number;
  };
  readonly notes: readonly string[];
  readonly task?: {
    readonly name: string;
    readonly summary: string;
    /** What its settings come to, a line each; those of all points of a sweep. */
    readonly notes: readonly string[];
  };
  /** What the loss declares of its metrics, by name without a split. */
  readonly metrics: Readonly<Record<string, MetricFacts>>;
  /** How levels count as passed, of a task that has some. */
  readonly levels?: {
    readonly symbol: string;
    readonly first: number;
    /** Good batches of training in a row. */
    readonly streak: number;
    /** Whether fresh sequences had to confirm them. */
    readonly is_verified: boolean;
  };
  /** 95% intervals of the score on fresh sequences, [P]. */
  readonly intervals?: readonly Interval[];
}

/** The checked files of a run: everything that a report is made of. */
export interface RunFiles {
  readonly config: Readonly<Record<string, unknown>>;
  readonly environment: Readonly<Record<string, unknown>>;
  readonly status: RunStatus;
  readonly metrics: RunMetrics;
  readonly figures: RunFigures;
  /** Those that a script gave. */
  readonly ownFigures: readonly StoredFigure[];
  /** Texts that its networks have written. */
  readonly samples: StoredSamples;
  /** Undefined where nothing is swept. */
  readonly sweep?: SweepNames;
}

const nonFinite: Readonly<Record<string, number>> = {
  NaN,
  Infinity,
  "-Infinity": -Infinity,
};

const number = z.union([
  z.number(),
  z.enum(["NaN", "Infinity", "-Infinity"]).transform((name) => nonFinite[name] ?? NaN),
  z.null().transform(() => NaN),
]);
const metricValue = z.union([number, z.array(number), z.string()]);
const metricsRow = z.record(z.string(), metricValue);
const anything = z.record(z.string(), z.unknown());

const status = z.object({
  run: z.string().optional(),
  state: z.string().optional(),
  end_reason: z.string().nullish(),
  iterations: z.number().optional(),
  sequences: z.number().optional(),
  seconds: z.number().optional(),
  device: z.string().optional(),
  diverged: z.array(
    z.object({ replica: z.int(), iteration: z.int(), names: z.array(z.string()) }),
  ).optional(),
  metrics: metricsRow.default({}),
});

const size = z.int().min(1);
const matrix = z.object({
  name: z.string(),
  title: z.string().optional(),
  summary: z.string().optional(),
  rows: size,
  columns: size,
  values: z.union([z.array(number), z.string()], {
    error: "expected numbers, or base64 of little-endian float32",
  }).transform((values, context) => {
    if (typeof values !== "string") return Float32Array.from(values);
    try {
      return unpackFloats(values);
    } catch {
      context.addIssue("expected base64");
      return z.NEVER;
    }
  }),
  replica: z.int().min(0).optional(),
}).refine(({ rows, columns, values }) => values.length === rows * columns, {
  error: "values must hold rows * columns numbers",
});

const figures = z.object({
  matrices: z.array(matrix).default([]),
  bounds: z.object({
    score: z.string().optional(),
    chance: z.number().optional(),
    best_loss: z.number().optional(),
    guessing: z.record(z.string(), z.number()).optional(),
    guessed_by: z.string().optional(),
    guess_loss: z.number().optional(),
  }).default({}),
  notes: z.array(z.string()).default([]),
  task: z.object({
    name: z.string(),
    summary: z.string(),
    notes: z.array(z.string()).default([]),
  }).optional(),
  metrics: z.record(
    z.string(),
    z.object({
      kind: z.enum(metricKinds),
      range: z.object({ low: z.number().optional(), high: z.number().optional() }).optional(),
      unit: z.string().optional(),
      better: z.enum(["more", "less"]).optional(),
      isNoisy: z.boolean().optional(),
      summary: z.string().optional(),
      along: z.object({
        ...{ series: z.string(), axis: z.string() },
        ...{ low: z.number(), high: z.number() },
      }).optional(),
    }),
  ).default({}),
  levels: z.object({
    symbol: z.string(),
    first: z.number(),
    streak: z.number(),
    is_verified: z.boolean(),
  }).optional(),
  intervals: z.array(z.object({ low: z.number(), high: z.number() })).optional(),
});

/** The texts of the files of a run folder; all but the config may be missing. */
export interface RunTexts {
  readonly config: string;
  readonly environment?: string;
  readonly status?: string;
  readonly metrics?: string;
  readonly figures?: string;
  readonly ownFigures?: string;
  readonly samples?: string;
}

/**
 * Parses and checks the files of one run.
 *
 * @param options.lines of the metrics, in place of their text: a long run has more than fits into one.
 * @throws DamagedFileError where a file is not what a run writes
 */
export function parseRunFiles(
  texts: RunTexts,
  { lines = (texts.metrics ?? "").split("\n") }: { lines?: Iterable<string> } = {},
): RunFiles {
  const config = check("config.json", anything, texts.config);
  const sweep = sweepNames(config);
  return {
    config,
    ...sweep ? { sweep } : {},
    environment: check("environment.json", anything, texts.environment ?? "{}"),
    status: check("status.json", status, texts.status ?? "{}"),
    metrics: collectMetrics(lines),
    figures: check("figures.json", figures, texts.figures ?? "{}"),
    ownFigures: check(ownFiguresName, ownFiguresSchema, texts.ownFigures ?? "{}").figures,
    samples: check(samplesName, samplesSchema, texts.samples ?? "{}"),
  };
}

/**
 * Reads the files of the run in `folder`. Only `config.json` has to exist, so this works on a run
 * that is still going or was killed.
 *
 * @throws UsageError where the folder holds no `config.json`
 * @throws RunFolderError where a file is none, but a link, say
 * @throws DamagedFileError where a file is not what a run writes
 */
export function readRunFiles(folder: string): RunFiles {
  const pathOf = (name: string) => join(folder, name);
  const text = (name: string, limit: number = sizeLimits.text) =>
    isThere(pathOf(name)) ? readText(pathOf(name), limit) : undefined;
  requireRun(folder);
  const log = pathOf("metrics.jsonl");
  const texts = {
    config: text("config.json")!,
    environment: text("environment.json"),
    status: text("status.json"),
    figures: text("figures.json", sizeLimits.numbers),
    ownFigures: text(ownFiguresName, sizeLimits.numbers),
    samples: text(samplesName),
  };
  return parseRunFiles(texts, {
    lines: isThere(log) ? readLines(log).map((line) => line.text) : [],
  });
}

/** What the task and the loss of a run declare, and its matrices. @throws as `readRunFiles`. */
export function readRunFigures(folder: string): RunFigures {
  requireRun(folder);
  const path = join(folder, "figures.json");
  const text = isThere(path) ? readText(path, sizeLimits.numbers) : "{}";
  return check("figures.json", figures, text);
}

/** @throws UsageError where the folder holds no `config.json`. */
export function requireRun(folder: string): void {
  if (isThere(join(folder, "config.json"))) return;
  throw new UsageError(`${folder} is not the folder of a run: it has no config.json`);
}

function check<T>(name: string, schema: z.ZodType<T>, text: string): T {
  const value = parseJsonObject(text, name);
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new DamagedFileError(name, firstProblem(result.error, value));
}

/** Whether a file is there; a folder that is a file itself holds none. */
function isThere(path: string): boolean {
  try {
    return plainFile(path) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
