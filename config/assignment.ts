/** What one asks of a setting: a section of the config, a key in it, a value and where it came from. */
import { didYouMean } from "./did_you_mean.ts";
import { UsageError } from "./usage_error.ts";

/** The sections of a config, in the order in which they are shown. */
export const sectionNames = ["task", "model", "updater", "training", "device"] as const;
export type SectionName = typeof sectionNames[number];

/** One setting that somebody asked for. */
export interface Assignment {
  readonly section: SectionName;
  readonly key: string;
  readonly value: unknown;
  /** The value was typed: convert it to the setting's type. */
  readonly isText: boolean;
  /** Where it came from, as an error names it: `--hidden-size`, `a.yaml: model.hidden_size`. */
  readonly origin: string;
}

/** @throws UsageError if there is no such section. */
export function checkSection(name: string, origin: string): SectionName {
  const section = sectionNames.find((section) => section === name);
  if (section) return section;
  throw new UsageError(
    `${origin}: no section is named ${JSON.stringify(name)}${didYouMean(name, sectionNames)}; ` +
      `sections are ${sectionNames.join(", ")}`,
  );
}
