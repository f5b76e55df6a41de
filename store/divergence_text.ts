/** A divergence in words: which replica, after which update, in what, and what to try. */
import { whyIgnored } from "../config/ignored_settings.ts";
import { configOf, type Replica } from "../config/replicas.ts";
import type { RunConfig } from "../config/run_config.ts";
import type { Divergence } from "../core/training/divergence.ts";

/** A run whose replicas are named. */
interface NamedRun {
  readonly config: RunConfig;
  /** [P]. */
  readonly replicas: readonly Replica[];
}

/**
 * Such as `diverged: learning rate 0.1, seed 2 at update 17: "w" is not finite (and 3 more); try
 * updater.learning_rate below 0.1, or updater.grad_clip above 0`.
 */
export function divergenceText(
  { replica: index, iteration, names }: Divergence,
  { config, replicas }: NamedRun,
): string {
  const replica = replicas[index]!;
  const [first = "a number", ...others] = names;
  const more = others.length > 0 ? ` (and ${others.length} more)` : "";
  const tries = settingsToTry(configOf(config, replica));
  const advice = tries.length > 0 ? `; try ${tries.join(", or ")}` : "";
  return `diverged: ${replica.label} at update ${iteration}: "${first}" is not finite${more}${advice}`;
}

/** Settings of the updater that bound its steps, and how to change them. */
const bounds: readonly [key: string, advice: (value: number) => string][] = [
  ["learning_rate", (value) => `below ${value}`],
  ["grad_clip", (value) => value > 0 ? `below ${value}` : "above 0"],
  ["clip_weights", (value) => value > 0 ? `below ${value}` : "above 0"],
];

/** The first two of the bounds that act in a run. */
function settingsToTry({ task, model, updater, catalogue }: RunConfig): string[] {
  const settings: Readonly<Record<string, unknown>> = updater;
  const names = { task: task.name, model: model.name, updater: updater.name };
  return bounds.flatMap(([key, advice]) => {
    const value = settings[key];
    const acts = typeof value === "number" && whyIgnored(key, names, catalogue) === undefined;
    return acts ? [`updater.${key} ${advice(value)}`] : [];
  }).slice(0, 2);
}
