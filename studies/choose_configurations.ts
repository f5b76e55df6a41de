/** Chooses an experiment and some of its configurations. */
import { quote } from "../config/plain_text.ts";
import { didYouMean } from "../core/similar_name.ts";
import { UsageError } from "../config/usage_error.ts";
import type { Configuration, Experiment } from "./experiment.ts";

/** The experiment of a name. @throws UsageError if the table has none of this name. */
export function findExperiment(
  name: string | undefined,
  table: Readonly<Record<string, Experiment>>,
): Experiment {
  const names = Object.keys(table);
  if (name === undefined) {
    throw new UsageError(`experiments: expected the name of one: ${names.join(", ")}`);
  }
  const experiment = Object.hasOwn(table, name) ? table[name] : undefined;
  if (experiment) return experiment;
  throw new UsageError(
    `experiments: none is named ${quote(name)}${didYouMean(name, names)}; ` +
      `there are ${names.join(", ")}`,
  );
}

/** The experiment, or its form with the published training. @throws UsageError if it has no such form. */
export function trainedAs(
  experiment: Experiment,
  { published }: { published: boolean },
): Experiment {
  if (!published) return experiment;
  if (experiment.published) return experiment.published;
  throw new UsageError(`--published: ${experiment.name} has no published training of its own`);
}

/**
 * The requested configurations, in the order of the experiment.
 *
 * @param options.only names of configurations and studies with commas between; undefined: all.
 * @param options.iterations updates of each, instead of those of the experiment.
 * @throws UsageError for a name that is none of its own.
 */
export function chooseConfigurations(
  { name, configurations, studies = [] }: Experiment,
  { only, iterations }: { only: string | undefined; iterations: number | undefined },
): readonly Configuration[] {
  const candidates = iterations === undefined
    ? configurations
    : configurations.map((configuration) => ({ ...configuration, iterations }));
  if (only === undefined) return candidates;
  const requested = only.split(",").map((part) => part.trim());
  const names = [...studies, ...configurations].map(({ name }) => name);
  const unknown = requested.find((part) => !names.includes(part));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: ${name} has no ${studies.length > 0 ? "study or " : ""}configuration ` +
        quote(unknown) +
        `${didYouMean(unknown, names)}; --list shows them`,
    );
  }
  return candidates.filter((configuration) =>
    [configuration.name, ...configuration.studies ?? []].some((part) => requested.includes(part))
  );
}

/** A line for each configuration, under each of its studies if the experiment has studies. */
export function listConfigurations(
  { studies = [] }: Experiment,
  chosen: readonly Configuration[],
): string[] {
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const lines = (configurations: readonly Configuration[], indent = "") =>
    configurations.map(({ name, title }) => `${indent}${name.padEnd(width)}  ${title}`);
  if (studies.length === 0) return lines(chosen);
  return studies.flatMap(({ name, title }) => {
    const members = chosen.filter((configuration) => configuration.studies?.includes(name));
    return members.length === 0 ? [] : [`${name}: ${title}`, ...lines(members, "  ")];
  });
}
