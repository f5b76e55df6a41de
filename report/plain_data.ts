/** Values that JSON can hold. */

/** A number that is not finite becomes a gap. */
const finite = (value: number): number | null => Number.isFinite(value) ? value : null;

/** A copy of what JSON can hold. @throws TypeError that says where there is something else. */
export function plainData(value: unknown, path: string): unknown {
  if (typeof value === "number") return finite(value);
  if (value === null || typeof value === "string" || typeof value === "boolean") return value;
  if (Array.isArray(value) || ArrayBuffer.isView(value) && !(value instanceof DataView)) {
    return Array.from(
      value as ArrayLike<unknown>,
      (part, index) =>
        typeof part === "number" ? finite(part) : plainData(part, `${path}[${index}]`),
    );
  }
  if (!isRecord(value)) {
    const kind = typeof value === "object" ? value!.constructor.name : typeof value;
    throw new TypeError(`${path}: expected plain data, got a value of type ${kind}`);
  }
  return Object.fromEntries(
    Object.entries(value).filter(([, part]) => part !== undefined)
      .map(([key, part]) => [key, plainData(part, `${path}.${key}`)]),
  );
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null &&
  [Object.prototype, null].includes(Object.getPrototypeOf(value));
