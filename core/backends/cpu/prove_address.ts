/**
 * Proves, while a module is printed, that its loads and stores stay inside what they belong to. Modules may run
 * without checks of bounds (docs/performance.md), so an address that is not proved is not printed.
 */

/** Bytes `from` to `to` - 1. */
export interface Bytes {
  readonly from: number;
  readonly to: number;
}

export const isInside = ({ from, to }: Bytes, outer: Bytes): boolean =>
  from >= outer.from && to <= outer.to;

/** @throws RangeError if the bytes are not all inside the others: a fault of the printer. */
export function proveInside(name: string, bytes: Bytes, outer: Bytes): void {
  if (isInside(bytes, outer)) return;
  const [range, most] = [bytes, outer].map(({ from, to }) => `${from} to ${to}`);
  throw new RangeError(`Bytes ${range} for ${name} are not inside ${most}`);
}

/** A number that nobody knows while the module is printed, kept within what addresses are proved for; u32. */
export const atMost = (value: string, most: number): string =>
  `(select ${value} (i32.const ${most}) (i32.lt_u ${value} (i32.const ${most})))`;
