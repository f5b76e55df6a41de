/** A row of a comparison: one configuration, trained with several seeds side by side. */
import type { Assignment } from "../../config/assignment.ts";
import type { Configuration } from "../experiment.ts";

/** What a published comparison says of a row. */
export interface Published {
  readonly outcome: "Good" | "Mixed" | "Poor" | "Fail";
  /** What its code does, where that is not what its text says. */
  readonly note?: string;
}

export interface Row extends Configuration {
  readonly published?: Published;
}

/** A row as it was asked for: some of the settings that all rows share may not act on it. */
export interface Draft {
  /** In words, such as "ethereal, dfa"; names of folders are made of it. */
  readonly title: string;
  /** Its own settings, weakest first. */
  readonly own: readonly Assignment[];
  readonly published?: Published;
  readonly studies?: readonly string[];
}
