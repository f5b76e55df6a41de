import { CodeError } from "../code_error.ts";
import { didYouMean } from "../similar_name.ts";

/** Whether each key of T has to be there, told from its type: no key can be forgotten. */
export type KeysOf<T> = {
  readonly [K in keyof T]-?: undefined extends T[K] ? "optional" : "required";
};

/**
 * Checks the keys of what an author writes.
 *
 * @param what what it is, such as "defineModel"; begins the line of the error.
 * @param functions keys of functions; default: none.
 * @param schema key of a schema; default: none.
 * @param place where it stands; default: the line that led here.
 * @throws CodeError for a key that nothing reads, one that is missing, or one that is no function, name or schema.
 */
export function checkKeys<T>(
  what: string,
  spec: unknown,
  { keys, functions = [], schema, place }: {
    keys: KeysOf<T>;
    functions?: readonly (string & keyof T)[];
    schema?: string & keyof T;
    place?: () => string | undefined;
  },
): void {
  if (typeof spec !== "object" || spec === null) {
    throw new CodeError(`${what}: expected an object, got ${spec}`, place?.());
  }
  const names = Object.keys(keys);
  const unknown = Object.keys(spec).find((key) => !Object.hasOwn(keys, key));
  if (unknown !== undefined) {
    const unused = names.filter((name) => !Object.hasOwn(spec, name));
    throw new CodeError(
      `${what}: unknown key "${unknown}"${didYouMean(unknown, unused)}; keys are ${
        names.join(", ")
      }`,
      place?.(),
    );
  }
  const missing = names.find((name) =>
    keys[name as keyof T] === "required" && (spec as Record<string, unknown>)[name] === undefined
  );
  if (missing !== undefined) throw new CodeError(`${what}: expected "${missing}"`, place?.());
  const values = spec as Readonly<Record<string, unknown>>;
  const wrong = functions.find((name) => typeof values[name] !== "function");
  if (wrong !== undefined) {
    throw new CodeError(
      `${what}: expected a function as "${wrong}", got ${typeof values[wrong]}`,
      place?.(),
    );
  }
  if ("name" in keys && !isName(values.name)) {
    const got = JSON.stringify(values.name);
    throw new CodeError(`${what}: expected a text of one line as "name", got ${got}`, place?.());
  }
  const parser = schema && values[schema];
  if (parser === undefined || hasParse(parser)) return;
  throw new CodeError(
    `${what}: expected a schema as "${schema}", such as z.strictObject({ })`,
    place?.(),
  );
}

const hasParse = (schema: unknown): boolean =>
  typeof schema === "object" && schema !== null && "parse" in schema &&
  typeof schema.parse === "function";

const isName = (name: unknown): boolean => typeof name === "string" && /^[^\p{Cc}]+$/u.test(name);
