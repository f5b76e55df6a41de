/** Parameters of a sweep file. */
import { quote } from "../../config/plain_text.ts";
import type { SourcePlaces } from "../../config/source_places.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { distributions } from "./distributions.ts";
import { choiceOf, evenChoice } from "./domain.ts";
import { KeyProblem } from "./key_problem.ts";
import type { Choice, Parameter, Range } from "./sweep_file.ts";
import type { JsonValue } from "./trial.ts";

/** A parameter as the file has it, by its own name. */
export interface NamedDomain {
  /** Names of nested groups and of the parameter, with points between. */
  readonly name: string;
  /** Keys that lead to it. */
  readonly keys: readonly string[];
  readonly domain: Parameter["domain"];
}

type Group = Readonly<Record<string, unknown>>;
type Keys = readonly string[];

/** Names of distributions that are lists of values. */
const lists = ["constant", "categorical", "categorical_w_probabilities"] as const;

const isGroup = (value: unknown): value is Group =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/**
 * The parameters of a group and of all groups in it.
 *
 * @param group the value of `parameters`.
 * @throws KeyProblem
 */
export function parseParameters(
  group: unknown,
  { keys = ["parameters"], names = [], places }: {
    keys?: Keys;
    names?: Keys;
    places: SourcePlaces;
  },
): NamedDomain[] {
  if (!isGroup(group) || Object.keys(group).length === 0) {
    const got = group === undefined ? ", which is missing" : `, got ${quote(group)}`;
    throw new KeyProblem(keys, `expected a group of parameters${got}`);
  }
  return Object.entries(group).flatMap(([key, parameter]) => {
    const inner = { keys: [...keys, key], names: [...names, key], places };
    if (!isGroup(parameter)) {
      throw new KeyProblem(
        inner.keys,
        `expected a group such as { values: [1, 2] } or { min: 0, max: 1 }, got ${
          quote(parameter)
        }`,
      );
    }
    if (Object.hasOwn(parameter, "parameters")) {
      requireKeys(parameter, { known: ["parameters"], keys: inner.keys });
      return parseParameters(parameter.parameters, {
        ...inner,
        keys: [...inner.keys, "parameters"],
      });
    }
    const domain = parseDomain(parameter, inner);
    return [{ name: inner.names.join("."), keys: inner.keys, domain }];
  });
}

function parseDomain(
  parameter: Group,
  { keys, places }: { keys: Keys; places: SourcePlaces },
): Parameter["domain"] {
  const name = parameter.distribution ?? impliedDistribution(parameter, { keys, places });
  const isList = lists.some((list) => list === name);
  if (!isList && (typeof name !== "string" || !Object.hasOwn(distributions, name))) {
    const names = [...lists, ...Object.keys(distributions)];
    throw new KeyProblem(
      [...keys, "distribution"],
      `no distribution is named ${quote(name)}${didYouMean(String(name), names)}; ` +
        `they are ${names.join(", ")}`,
    );
  }
  return isList ? parseList(parameter, keys) : parseRange(parameter, { name: String(name), keys });
}

/** The distribution of a parameter that names none, as W&B chooses it. */
function impliedDistribution(
  parameter: Group,
  { keys, places }: { keys: Keys; places: SourcePlaces },
): string {
  if ("value" in parameter || "values" in parameter) return "categorical";
  if (!("min" in parameter && "max" in parameter)) {
    throw new KeyProblem(
      keys,
      `expected value, values, min and max, a distribution or parameters, got ${quote(parameter)}`,
    );
  }
  // 0.0 and 0 are one number, but only one of them is written as a whole one.
  const isWhole = ["min", "max"].every((end) =>
    Number.isInteger(parameter[end]) && !/[.e]/i.test(places.text([...keys, end]) ?? "")
  );
  return isWhole ? "int_uniform" : "uniform";
}

function parseList(parameter: Group, keys: Keys): Choice {
  requireKeys(parameter, {
    known: ["distribution", "value", "values", "probabilities"],
    keys,
  });
  if ("value" in parameter) {
    if ("values" in parameter) throw new KeyProblem(keys, "expected value or values, got both");
    requireJson(parameter.value, [...keys, "value"]);
    return evenChoice([parameter.value]);
  }
  const { values, probabilities } = parameter;
  if (!Array.isArray(values) || values.length === 0) {
    throw new KeyProblem(
      "values" in parameter ? [...keys, "values"] : keys,
      `expected a list of values${"values" in parameter ? `, got ${quote(values)}` : ""}`,
    );
  }
  values.forEach((value, index) => requireJson(value, [...keys, "values", String(index)]));
  return probabilities === undefined || probabilities === null
    ? evenChoice(values)
    : choiceOf(values, parseProbabilities(probabilities, values, keys));
}

function parseProbabilities(
  probabilities: unknown,
  { length }: readonly unknown[],
  keys: Keys,
): number[] {
  const place = [...keys, "probabilities"];
  if (
    !Array.isArray(probabilities) || probabilities.length !== length ||
    !probabilities.every((share) => typeof share === "number" && share >= 0 && share < Infinity)
  ) {
    throw new KeyProblem(
      place,
      `expected ${length} numbers of at least 0, got ${quote(probabilities)}`,
    );
  }
  const sum = probabilities.reduce((sum, share) => sum + share, 0);
  if (Math.abs(sum - 1) > 1e-3) throw new KeyProblem(place, `expected a sum of 1, got ${sum}`);
  return probabilities.map((share) => share / sum);
}

function parseRange(parameter: Group, { name, keys }: { name: string; keys: Keys }): Range {
  const { numbers: defaults, problem } = distributions[name]!;
  requireKeys(parameter, { known: ["distribution", ...Object.keys(defaults)], keys });
  const numbers = Object.fromEntries(
    Object.entries(defaults).map(([key, byDefault]) => {
      const value = parameter[key] ?? byDefault;
      if (value === undefined) throw new KeyProblem(keys, `${name} needs ${key}`);
      if (typeof value !== "number" || !Number.isFinite(value)) {
        throw new KeyProblem([...keys, key], `expected a finite number, got ${quote(value)}`);
      }
      return [key, value];
    }),
  );
  const wrong = problem(numbers);
  if (wrong) {
    throw new KeyProblem(
      [...keys, wrong.name],
      `expected ${wrong.expected}, got ${numbers[wrong.name]}`,
    );
  }
  return { kind: "range", distribution: name, numbers };
}

function requireKeys(
  group: Group,
  { known, keys }: { known: readonly string[]; keys: Keys },
): void {
  const key = Object.keys(group).find((key) => !known.includes(key));
  if (key === undefined) return;
  throw new KeyProblem(
    [...keys, key],
    `no such key here${didYouMean(key, known)}; they are ${known.join(", ")}`,
  );
}

function requireJson(value: unknown, keys: Keys): asserts value is JsonValue {
  if (typeof value === "number" && !Number.isFinite(value)) {
    throw new KeyProblem(keys, `expected a finite number, got ${value}`);
  }
}
