/** Conditions and orders on lists of runs: `model=hybrid and learning_rate<1e-3`, `-accuracy`. */
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import type { RunFacts } from "./run_facts.ts";
import { type FieldOf, findField } from "./run_fields.ts";

type Comparison = (value: unknown, expected: string) => boolean;

/** How a value and a typed text compare: as numbers if both are, else as texts. */
function order(value: unknown, expected: string): number {
  const [a, b] = [numberOf(value), numberOf(expected)];
  if (a !== undefined && b !== undefined) return a - b;
  const text = textOf(value);
  return text < expected ? -1 : text > expected ? 1 : 0;
}

const comparisons: Readonly<Record<string, Comparison>> = {
  "=": (value, expected) => order(value, expected) === 0,
  "==": (value, expected) => order(value, expected) === 0,
  "!=": (value, expected) => order(value, expected) !== 0,
  "<": (value, expected) => order(value, expected) < 0,
  "<=": (value, expected) => order(value, expected) <= 0,
  ">": (value, expected) => order(value, expected) > 0,
  ">=": (value, expected) => order(value, expected) >= 0,
  "~": (value, expected) => textOf(value).includes(expected),
};

/** Name, comparison, and a value that may be quoted. */
const term =
  /^\s*([^\s=!<>~"']+)\s*(==|!=|<=|>=|=|<|>|~)\s*(?:"([^"]*)"|'([^']*)'|([^\s"']\S*))\s*/;
const conjunction = /^and(?:\s+|$)/i;

/**
 * The runs that meet a condition: comparisons joined by "and". A run that lacks a name does not meet it. A swept
 * setting meets a comparison if one of its values does, and a metric by its mean over replicas.
 *
 * @throws UsageError for a text that is no condition, or a name that no run has.
 */
export function filterRuns(runs: readonly RunFacts[], condition: string): readonly RunFacts[] {
  const terms = termsOf(condition);
  if (runs.length === 0) return runs;
  const tests = terms.map(({ name, comparison, expected }) => {
    const field = findField(runs, name);
    return (run: RunFacts) => meets(field(run), comparison, expected);
  });
  return runs.filter((run) => tests.every((test) => test(run)));
}

function meets(value: unknown, comparison: Comparison, expected: string): boolean {
  if (value === undefined) return false;
  // A list may be meant as a whole, as hidden_dims=[50,50] is.
  return comparison(value, expected) ||
    Array.isArray(value) && value.some((item) => comparison(item, expected));
}

function termsOf(condition: string) {
  const terms: { name: string; comparison: Comparison; expected: string }[] = [];
  let rest = condition;
  for (;;) {
    const found = term.exec(rest);
    if (!found) throw wrongCondition(condition, rest);
    const [whole, name, sign, ...values] = found;
    const expected = values.find((value) => value !== undefined)!;
    terms.push({ name: name!, comparison: comparisons[sign!]!, expected });
    rest = rest.slice(whole.length);
    if (rest === "") return terms;
    const joined = conjunction.exec(rest);
    if (!joined) throw wrongCondition(condition, rest);
    rest = rest.slice(joined[0].length);
  }
}

function wrongCondition(condition: string, rest: string): UsageError {
  const place = rest.trim() === "" ? "its end" : quote(rest.trim());
  return new UsageError(
    `--where ${
      quote(condition)
    }: expected NAME=VALUE and so on (=, !=, <, <=, >, >=, ~ contains) at ${place}`,
  );
}

/**
 * Runs in the order of fields, the first one first; a name after "-" goes down. Runs that lack a value, or have
 * NaN, come last.
 *
 * @throws UsageError for a name that no run has.
 */
export function sortRuns(runs: readonly RunFacts[], names: readonly string[]): RunFacts[] {
  if (runs.length === 0) return [];
  const orders = names.map((name) => {
    const isDown = name.startsWith("-");
    return { field: findField(runs, isDown ? name.slice(1) : name), sign: isDown ? -1 : 1 };
  });
  return [...runs].sort((a, b) => {
    for (const { field, sign } of orders) {
      const difference = compareValues(field, a, b, sign);
      if (difference !== 0) return difference;
    }
    return a.path < b.path ? -1 : 1;
  });
}

function compareValues(field: FieldOf, a: RunFacts, b: RunFacts, sign: number): number {
  const [first, second] = [field(a), field(b)];
  const missing = Number(isMissing(first)) - Number(isMissing(second));
  if (missing !== 0 || isMissing(first)) return missing;
  return sign * order(first, textOf(second));
}

const isMissing = (value: unknown): boolean =>
  value === undefined || value === "" || Number.isNaN(value);

/** The number of a value, of a text that is one, or of a list of one. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  if (Array.isArray(value) && value.length === 1) return numberOf(value[0]);
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** A value as it would be typed. */
export const textOf = (value: unknown): string =>
  typeof value === "string" ? value : JSON.stringify(value) ?? "";
