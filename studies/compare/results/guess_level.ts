/** What stands beside the numbers of rows whose task has no chance level, such as an n-gram model of texts. */
import type { Task } from "../../../core/training/task.ts";

export interface GuessLevel {
  /** What guesses, such as "5-gram". */
  readonly name: string;
  /** What it reaches, by metric. */
  readonly values: Readonly<Record<string, number>>;
}

/** The level of a task; undefined: it has none. */
export const guessLevelOf = ({ guessing, guessedBy }: Task): GuessLevel | undefined =>
  guessing && { name: guessedBy ?? "guessing", values: guessing };
