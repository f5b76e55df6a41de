import { CodeError } from "../code_error.ts";
import { didYouMean } from "../similar_name.ts";
import { describeThing } from "./elementwise.ts";

/**
 * The options of a call, with defaults where nothing is said.
 *
 * @param what the function, which begins the line of the error.
 * @throws CodeError for a key that nothing reads, and for what is no number where the default is one.
 * @example
 * const { first, second } = withDefaults("scaleByLion", rates, { first: 0.9, second: 0.99 });
 */
export function withDefaults<T extends object>(
  what: string,
  options: Partial<T>,
  defaults: T,
): T {
  const names = Object.keys(defaults);
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  for (const [name, value] of given) {
    if (!Object.hasOwn(defaults, name)) {
      throw new CodeError(
        `${what}: unknown key "${name}"${didYouMean(name, names)}; keys are ${names.join(", ")}`,
      );
    }
    if (typeof defaults[name as keyof T] !== "number" || Number.isFinite(value)) continue;
    throw new CodeError(`${what}: expected a number as "${name}", got ${describeThing(value)}`);
  }
  return { ...defaults, ...Object.fromEntries(given) };
}
