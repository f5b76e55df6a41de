/** Problems that a schema reports, in the words of the command line. */
import { cut, quote } from "./plain_text.ts";
import type { z } from "../deps/zod.ts";

/** Such as "expected at least 1, got 0". @param value the value at the path of the issue. */
export function explainIssue(issue: z.core.$ZodIssue, value: unknown): string {
  const got = value === undefined ? "" : `, got ${quote(value)}`;
  switch (issue.code) {
    case "too_small":
      return `expected ${
        bound(issue, issue.inclusive ? "at least" : "more than")
      } ${issue.minimum}${got}`;
    case "too_big":
      return `expected ${
        bound(issue, issue.inclusive ? "at most" : "less than")
      } ${issue.maximum}${got}`;
    case "not_multiple_of":
      return `expected a multiple of ${issue.divisor}${got}`;
    case "invalid_value":
      return `expected ${issue.values.length > 1 ? "one of " : ""}${issue.values.join(", ")}${got}`;
    case "invalid_type":
      return typeof value === "number" && !Number.isFinite(value)
        ? `expected a finite number${got}`
        : `expected ${typeWords[issue.expected] ?? issue.expected}${got}`;
    case "custom":
      return issue.message + got;
    default:
      return `${issue.message.toLowerCase()}${got}`;
  }
}

const typeWords: Readonly<Record<string, string>> = {
  int: "a whole number",
  number: "a number",
  boolean: "true or false",
  string: "a text",
  array: "a list",
  object: "a group of settings",
};

const bound = (issue: { origin: string }, words: string): string =>
  issue.origin === "array" ? `a list of ${words}` : words;

/**
 * The first problem of a value that does not fit its schema, and where in it that is.
 *
 *     firstProblem(parsed.error, value); // "training.seeds: expected a list, got 3"
 */
export function firstProblem({ issues }: z.ZodError, value: unknown): string {
  const [issue] = issues;
  const { path } = issue!;
  const problem = explainIssue(issue as z.core.$ZodIssue, valueAt(value, path));
  return path.length === 0 ? problem : `${cut(path.join("."))}: ${problem}`;
}

export const valueAt = (value: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((part, key) => (part as Record<PropertyKey, unknown>)[key], value);
