import { describeShape, type Shape, sizeOf } from "../axes.ts";
import { describeThing } from "./elementwise.ts";
import type { Initializer } from "./initializer.ts";

/** The numbers of initializers, by field. */
const numbers = new Set(
  ["value", "low", "high", "deviation", "bound", "gain", "probability", "blocks", "inputs"],
);

/**
 * Checks before anything is drawn that the numbers of an initializer are some, and that given ones are as many
 * as a value has.
 *
 * @throws RangeError for the first number that is none, or not finite, and for other counts.
 */
export function checkInitializer(initializer: Initializer, shape: Shape): void {
  const { kind } = initializer;
  for (const [field, value] of Object.entries(initializer)) {
    if (!numbers.has(field) || Number.isFinite(value)) continue;
    throw new RangeError(
      `First values, ${kind}: expected a finite number as ${field}, got ${describeThing(value)}`,
    );
  }
  if (kind === "array") {
    requireCount(initializer.values.length, shape);
    const wrong = initializer.values.find((value) => !Number.isFinite(value));
    if (wrong === undefined) return;
    throw new RangeError(`First values, fromArray: expected finite numbers, got ${wrong}`);
  }
  if (kind === "drawnAs") checkInitializer(initializer.values, shape);
  if (kind === "diagonal") checkInitializer(initializer.others, shape);
  if (kind === "byReplica") initializer.values.forEach((values) => checkInitializer(values, shape));
}

/** @throws RangeError unless so many given numbers are those of a shape. */
export function requireCount(count: number, shape: Shape): void {
  if (count === sizeOf(shape)) return;
  throw new RangeError(
    `First values, fromArray: a ${describeShape(shape)} has ${sizeOf(shape)} numbers, got ${count}`,
  );
}
