/** Assignments: a setting, its value, and where the value came from. */
import { quote } from "./plain_text.ts";
import { didYouMean } from "../core/similar_name.ts";
import { UsageError } from "./usage_error.ts";

/** The sections of a config, in the order in which they are shown. */
export const sectionNames = ["task", "model", "updater", "training", "device"] as const;
export type SectionName = typeof sectionNames[number];

/** A value that was requested for a setting, in a file or on the command line. */
export interface Assignment {
  readonly section: SectionName;
  readonly key: string;
  readonly value: unknown;
  /** Whether the value was typed, and is still to be converted to the setting's type. */
  readonly isText: boolean;
  /** Where it came from, as an error names it: `--hidden-size`, `a.yaml: model.hidden_size`. */
  readonly origin: string;
}

/** The section of a name. @throws UsageError if there is no such section. */
export function checkSection(name: string, origin: string): SectionName {
  const section = sectionNames.find((section) => section === name);
  if (section) return section;
  throw new UsageError(
    `${origin}: no section is named ${quote(name)}${didYouMean(name, sectionNames)}; ` +
      `sections are ${sectionNames.join(", ")}`,
  );
}
