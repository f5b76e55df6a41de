/** Values of a parameter, and the shares between 0 and 1 that they stand for. */
import { distributions } from "./distributions.ts";
import type { Choice, Parameter } from "./sweep_file.ts";
import type { JsonValue } from "./trial.ts";

type Domain = Parameter["domain"];

/** Values that are all equally probable. */
export const evenChoice = (values: readonly JsonValue[]): Choice =>
  choiceOf(values, values.map(() => 1 / values.length));

/** Values with their probabilities. One that is given twice is one, twice as probable. */
export function choiceOf(given: readonly JsonValue[], shares: readonly number[]): Choice {
  const values = new Map<string, JsonValue>();
  const probabilities = new Map<string, number>();
  given.forEach((value, index) => {
    const key = JSON.stringify(value);
    values.set(key, value);
    probabilities.set(key, (probabilities.get(key) ?? 0) + shares[index]!);
  });
  return {
    kind: "choice",
    values: [...values.values()],
    probabilities: [...probabilities.values()],
  };
}

/** Whether values lie beside each other: of a range, and of a list of numbers. */
export const isOrdered = (domain: Domain): boolean =>
  domain.kind === "range" || domain.values.every((value) => typeof value === "number");

/** Whether there is one value only. */
export const isConstant = (domain: Domain): boolean =>
  domain.kind === "choice" && domain.values.length === 1;

/** The value that a share stands for: uniform shares give the distribution of the parameter. */
export function valueAt(domain: Domain, share: number): JsonValue {
  if (domain.kind === "range") {
    return distributions[domain.distribution]!.quantile(share, domain.numbers);
  }
  let sum = 0;
  const order = orderOf(domain);
  const chosen = order.find((index) => share < (sum += domain.probabilities[index]!));
  return domain.values[chosen ?? order.at(-1)!]!;
}

/** The share that a value stands for; of one of a list the middle of its part. */
export function shareOf(domain: Domain, value: JsonValue): number {
  if (domain.kind === "range") {
    return distributions[domain.distribution]!.probability(Number(value), domain.numbers);
  }
  const key = JSON.stringify(value);
  let sum = 0;
  for (const index of orderOf(domain)) {
    const part = domain.probabilities[index]!;
    if (JSON.stringify(domain.values[index]) === key) return sum + part / 2;
    sum += part;
  }
  return 0.5;
}

/** Indices of the values that may come, numbers from the smallest to the largest. */
function orderOf({ values, probabilities }: Choice): number[] {
  const indices = values.map((_, index) => index).filter((index) => probabilities[index]! > 0);
  return values.every((value) => typeof value === "number")
    ? indices.sort((a, b) => Number(values[a]) - Number(values[b]))
    : indices;
}
