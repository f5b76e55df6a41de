/** A number that depends on the content of a value alone: the same on every machine, in every order. */
import { createHash, type Hash } from "node:crypto";

/** What has a content: plain data. */
const tags = { nothing: 0, truth: 1, number: 2, text: 3, list: 4, group: 5, numbers: 6 } as const;

/**
 * A number in 0..2^48-1, the first bits of the SHA-256 of a value. Equal content has equal numbers: typed arrays
 * and lists of the same numbers, groups whatever the order of their keys, 0 and -0.
 *
 * @throws TypeError if the value is no data, such as a function.
 */
export function contentHash(value: unknown): number {
  const hash = createHash("sha256");
  addValue(hash, value);
  return hash.digest().readUIntBE(0, 6);
}

/** One more than the largest number. */
export const hashes = 2 ** 48;

function addValue(hash: Hash, value: unknown): void {
  if (value === null || value === undefined) {
    addHead(hash, tags.nothing, 0);
  } else if (typeof value === "boolean") {
    addHead(hash, tags.truth, Number(value));
  } else if (typeof value === "number") {
    addHead(hash, tags.number, 1);
    addNumbers(hash, [value]);
  } else if (typeof value === "string" || typeof value === "bigint") {
    const bytes = new TextEncoder().encode(String(value));
    addHead(hash, tags.text, bytes.length);
    hash.update(bytes);
  } else if (isNumbers(value)) {
    // As a list of numbers is: each number with its head would take many times as long.
    addHead(hash, tags.numbers, value.length);
    addNumbers(hash, value);
  } else if (Array.isArray(value)) {
    addHead(hash, tags.list, value.length);
    for (const item of value) addValue(hash, item);
  } else if (typeof value === "object" && isPlain(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : 1);
    addHead(hash, tags.group, entries.length);
    for (const pair of entries) for (const part of pair) addValue(hash, part);
  } else {
    throw new TypeError(
      "A row of a data set must be plain data (numbers, texts, lists, groups of them), or have a key that is",
    );
  }
}

/** What follows, and how much of it, so that no two contents have the same bytes. */
function addHead(hash: Hash, tag: number, length: number): void {
  const head = new DataView(new ArrayBuffer(9));
  head.setUint8(0, tag);
  head.setFloat64(1, length, true);
  hash.update(new Uint8Array(head.buffer));
}

function addNumbers(hash: Hash, numbers: ArrayLike<number>): void {
  const bytes = new DataView(new ArrayBuffer(numbers.length * 8));
  for (let index = 0; index < numbers.length; index++) {
    const value = numbers[index]!;
    // One zero, one NaN.
    bytes.setFloat64(index * 8, Number.isNaN(value) ? NaN : value + 0, true);
  }
  hash.update(new Uint8Array(bytes.buffer));
}

const isNumbers = (value: unknown): value is ArrayLike<number> =>
  ArrayBuffer.isView(value) && !(value instanceof DataView) &&
    typeof (value as unknown as ArrayLike<unknown>)[0] !== "bigint" ||
  Array.isArray(value) && value.every((item) => typeof item === "number");

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
};
