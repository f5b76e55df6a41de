/**
 * Proves, while a module is printed, that its loads and stores stay inside what they belong to. Modules may run
 * without checks of bounds (docs/performance.md), so an address that is not proved is not printed.
 */

/** Bytes `from` to `to` - 1. */
export interface Bytes {
  readonly from: number;
  readonly to: number;
}

/** @throws RangeError if the bytes are not all inside the others: a fault of the printer. */
export function proveInside(name: string, { from, to }: Bytes, outer: Bytes): void {
  if (from >= outer.from && to <= outer.to) return;
  throw new RangeError(
    `Bytes ${from} to ${to} for ${name} are not inside ${outer.from} to ${outer.to}`,
  );
}
