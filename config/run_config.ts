/**
 * The config of a run: five flat sections. `task`, `model` and `updater` hold a name and the settings
 * that the entry of that name declares, so a new entry's settings need no line here.
 */
import { z } from "../deps/zod.ts";
import { CodeError } from "../core/code_error.ts";
import { definitionPlace } from "../core/code_place.ts";
import { didYouMean } from "../core/similar_name.ts";
import { deviceChoices } from "../core/backends/device_choices.ts";
import type { Model } from "../core/program/model.ts";
import type { SettingsSchema } from "../core/program/settings_schema.ts";
import type { SectionName } from "./assignment.ts";
import type { Catalogue, EntrySection } from "./catalogue.ts";

/** Most replicas (networks) of one run. */
export const mostReplicas = 65_536;

/** Most points of a sweep: each is built, which takes some milliseconds. */
export const mostPoints = 4096;

export const trainingConfig = z.strictObject({
  seeds: z.array(z.int().min(0).max(0xffff_ffff)).min(1).max(mostReplicas).refine(
    (seeds) => new Set(seeds).size === seeds.length,
    { error: "expected seeds that differ" },
  ).default([1]).describe(
    "Seeds; each trains a network of its own, side by side",
  ),
  sweep: z.record(z.string(), z.array(z.unknown()).min(1)).default({}).describe(
    "Values of a setting, such as task.memories=5,10,20; each trains networks of its own, side by " +
      "side, with every seed; may be given again for another setting: all combinations are trained",
  ),
  batch_size: z.int().min(1).max(65_536).optional().describe(
    "B, sequences in a batch (default: as many as the task has in turns, the most of a sweep, or 1)",
  ),
  iterations: z.int().min(1).max(999_999_999_999).default(2500).describe("Batches to train on"),
  log_every: z.int().min(1).max(999_999_999_999).optional().describe(
    "Iterations between rows of metrics (default: a 25th of all)",
  ),
  evaluation_sequences: z.int().min(0).max(100_000_000).default(100).describe(
    "Held-out sequences judged with every row (0: none)",
  ),
  test_sequences: z.int().min(0).max(100_000_000).default(1000).describe(
    "Fresh sequences judged at the end (0: none)",
  ),
  checkpoint_every: z.int().min(0).max(999_999_999_999).optional().describe(
    "Iterations between checkpoints, of which the first is written after 10 s if not before (0: only at the end; default: a tenth of all)",
  ),
  early_stop_loss: z.number().min(0).default(0).describe(
    "Stop when the training loss stays above this (0: never)",
  ),
  early_stop_intervals: z.int().min(1).max(1_000_000).default(10).describe(
    "Rows in a row that make an early stop",
  ),
  early_stop_metric: z.string().optional().describe(
    "Stop when no network has got better in this metric of the rows, such as eval/loss; min: or max: before " +
      "it says what is good (default: never)",
  ),
  early_stop_patience: z.int().min(1).max(1_000_000).default(10).describe(
    "Rows in a row without a better network that make such a stop",
  ),
  early_stop_min_delta: z.number().min(0).default(0).describe(
    "What a network has to be better by to count as better",
  ),
  keep_best: z.string().optional().describe(
    "Keep the best network of each replica by a metric of the rows, such as eval/loss, and test it; evaluate " +
      "and visualize take it (default: the last one)",
  ),
  exploded_loss: z.number().min(0).default(0).describe(
    "Loss above which a network counts as exploded at the end, for the report of a sweep (0: twice " +
      "the loss of a uniform guess, where answers are symbols)",
  ),
});

export const deviceConfig = z.strictObject({
  name: z.enum(deviceChoices).default("auto").describe("Device to train on"),
  allow_software_adapter: z.boolean().default(false).describe(
    "Let gpu use an adapter that computes on the CPU",
  ),
  lowering: z.enum(["auto", "fused", "joined", "split"]).default("auto").describe(
    "One kernel for all steps, or one for each phase of a step; joined: fewer, over single sequences",
  ),
  threads: z.int().min(1).max(256).optional().describe(
    "Most threads of device cpu (default: one a core)",
  ),
});

/** The entries that a config names. */
export type EntryNames = Readonly<Record<EntrySection, string>>;

type Settings = Readonly<Record<string, unknown>>;

/** Metrics that a training may follow. */
type Followed = "early_stop_metric" | "keep_best";
type Training = z.output<typeof trainingConfig>;
type CompleteTraining = Required<Omit<Training, Followed>> & Pick<Training, Followed>;

export interface RunConfig {
  readonly task: Settings & { readonly name: string };
  readonly model: Settings & { readonly name: string };
  readonly updater: Settings & { readonly name: string };
  readonly training: CompleteTraining;
  readonly device: z.output<typeof deviceConfig>;
  /** What its names stand for; not stored. */
  readonly catalogue: Catalogue;
}

export type Sections = Readonly<Record<SectionName, z.ZodObject>>;

/** The schema of each section, for names of entries that exist. */
export function sectionsOf(
  { task, model, updater }: EntryNames,
  catalogue: Catalogue,
): Sections {
  return {
    task: withName(task, catalogue.find("task", task).config),
    model: withName(model, modelSettings(catalogue.find("model", model))),
    updater: withName(updater, catalogue.find("updater", updater).config),
    training: trainingConfig,
    device: deviceConfig,
  };
}

/**
 * The schema of a model's settings, without those that the task gives.
 *
 * @throws CodeError if the model takes a setting from its task that it does not have.
 */
export function modelSettings(model: Model): z.ZodObject {
  const { name, config, fromTask } = model;
  const { shape } = objectSchema(config, name);
  const stranger = fromTask.find((key) => !Object.hasOwn(shape, key));
  if (stranger !== undefined) {
    const hint = didYouMean(stranger, Object.keys(shape));
    throw new CodeError(
      `Model ${name}: fromTask names "${stranger}"${hint}, which is no setting of its config`,
      definitionPlace(model),
    );
  }
  const entries = Object.entries(shape).filter(([key]) => !fromTask.includes(key));
  return z.strictObject(Object.fromEntries(entries));
}

/**
 * The schema of a section with a name. Rules between several settings are left out: they are checked
 * when the entry is built.
 */
function withName(name: string, schema: SettingsSchema): z.ZodObject {
  // The name comes first wherever a config is shown.
  const { shape } = objectSchema(schema, name);
  return z.strictObject({ name: z.literal(name), ...shape });
}

/** The schema of an entry, whose fields are its settings. @throws CodeError if it is no zod object. */
export function objectSchema(schema: SettingsSchema, name: string): z.ZodObject {
  if (schema instanceof z.ZodObject) return schema;
  throw new CodeError(
    `The config of ${name} is not an object schema, as help and options need it: z.strictObject({ })`,
  );
}
