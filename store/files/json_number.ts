/**
 * Numbers in JSON. JSON has no NaN and no infinity, so they are written as the texts "NaN", "Infinity" and
 * "-Infinity": a diverged metric is neither lost nor turned into null.
 */
const texts = new Map([["NaN", NaN], ["Infinity", Infinity], ["-Infinity", -Infinity]]);

/** The JSON value of a number. */
export const toJsonNumber = (value: number): number | string =>
  Number.isFinite(value) ? value : String(value);

/** The number of a JSON value that `toJsonNumber` wrote; undefined for any other value. */
export function fromJsonNumber(value: unknown): number | undefined {
  if (typeof value === "number") return value;
  return typeof value === "string" ? texts.get(value) : undefined;
}

/** One number, or one for each replica. */
export type Numbers = number | readonly number[];

/** The values of a record as JSON values. What one replica has is one number. */
export function toJsonNumbers(values: Readonly<Record<string, Numbers>>) {
  const stored = (x: Numbers) => {
    if (typeof x === "number") return toJsonNumber(x);
    return x.length === 1 ? toJsonNumber(x[0]!) : x.map(toJsonNumber);
  };
  return Object.fromEntries(Object.entries(values).map(([name, x]) => [name, stored(x)]));
}

/** The number or numbers of a value of such a record; undefined for any other value. */
export function fromJsonNumbers(value: unknown): number | number[] | undefined {
  if (!Array.isArray(value)) return fromJsonNumber(value);
  const numbers = value.map(fromJsonNumber).filter((x) => x !== undefined);
  return numbers.length === value.length ? numbers : undefined;
}
