/** Which experiment, and which of its configurations, somebody asks for. */
import { didYouMean } from "../config/did_you_mean.ts";
import { UsageError } from "../config/usage_error.ts";
import type { Configuration, Experiment } from "./experiment.ts";

/** @throws UsageError if the table has none of this name. */
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
    `experiments: none is named ${JSON.stringify(name)}${didYouMean(name, names)}; ` +
      `there are ${names.join(", ")}`,
  );
}

/** The experiment itself, or its form with the published training. @throws UsageError if it has none. */
export function trainedAs(
  experiment: Experiment,
  { published }: { published: boolean },
): Experiment {
  if (!published) return experiment;
  if (experiment.published) return experiment.published;
  throw new UsageError(`--published: ${experiment.name} has no published training of its own`);
}

/**
 * Those asked for, in the order of the experiment.
 *
 * @param asked.only names of configurations and studies with commas between; undefined: all.
 * @param asked.iterations updates of each, instead of those of the experiment.
 * @throws UsageError for a name that is none of its own.
 */
export function chooseConfigurations(
  { name, configurations, studies = [] }: Experiment,
  { only, iterations }: { only: string | undefined; iterations: number | undefined },
): readonly Configuration[] {
  const all = iterations === undefined
    ? configurations
    : configurations.map((configuration) => ({ ...configuration, iterations }));
  if (only === undefined) return all;
  const asked = only.split(",").map((part) => part.trim());
  const names = [...studies, ...configurations].map(({ name }) => name);
  const unknown = asked.find((part) => !names.includes(part));
  if (unknown !== undefined) {
    throw new UsageError(
      `--only: ${name} has no ${studies.length > 0 ? "study or " : ""}configuration ` +
        JSON.stringify(unknown) +
        `${didYouMean(unknown, names)}; --list shows them`,
    );
  }
  return all.filter((configuration) =>
    [configuration.name, ...configuration.studies ?? []].some((part) => asked.includes(part))
  );
}

/** A line for each configuration, below its studies where there are some. */
export function listConfigurations(
  { studies = [] }: Experiment,
  chosen: readonly Configuration[],
): string[] {
  const width = Math.max(...chosen.map(({ name }) => name.length));
  const lines = (some: readonly Configuration[], indent = "") =>
    some.map(({ name, title }) => `${indent}${name.padEnd(width)}  ${title}`);
  if (studies.length === 0) return lines(chosen);
  return studies.flatMap(({ name, title }) => {
    const members = chosen.filter((configuration) => configuration.studies?.includes(name));
    return members.length === 0 ? [] : [`${name}: ${title}`, ...lines(members, "  ")];
  });
}
