/** Finds the lines of a user's own code, which errors name. */

const library = new URL("../", import.meta.url).href;
const floors = new RegExp(
  "^(?:analysis|bench|cli|config|core|data|deps|formats|models|report|runner|store|studies|tasks|tools|updaters|watch)/" +
    "|^mod\\.ts$",
);
const address = /((?:file|https?):\/\/[^\s()]+?):(\d+):(\d+)\)?$/;

/** A place such as "own/hebbff.ts:42:13": folder, file, line and column. */
type Place = string;

/**
 * The innermost line of an error, or of its first cause, that is outside the library: code of a user's own
 * that threw, or that called what threw. Undefined if there is none.
 *
 * @example
 * try { task.sequence(random); } catch (error) { userPlace(error); } // "own/familiarity.ts:27:11"
 */
export function userPlace(error: unknown): Place | undefined {
  if (!(error instanceof Error)) return undefined;
  return userPlace(error.cause) ?? framesOf(error).find(isOutside)?.place;
}

/** The function of the library that threw, of those that a user's own code called; undefined if it threw itself. */
export function calledFunction(error: Error): string | undefined {
  const frames = framesOf(error);
  return frames[frames.findIndex(isOutside) - 1]?.name;
}

/** The innermost line of an error that is not in one of some files of the library. */
export const placeOutside = (error: Error, files: RegExp): Place | undefined =>
  framesOf(error).find(({ url }) => !files.test(url))?.place;

/**
 * Where the caller of a function of the library stands, found when it is asked for: to read a stack takes
 * much longer than to keep one.
 */
export function callerPlace(): () => Place | undefined {
  const kept = new Error();
  return () => userPlace(kept);
}

const places = new WeakMap<object, () => Place | undefined>();

/** Notes where something was defined. @returns the thing. */
export function definedAt<T extends object>(thing: T, place: () => Place | undefined): T {
  places.set(thing, place);
  return thing;
}

/** Where a model, a task or a learning rule of a user's own was defined; undefined for those of the library. */
export const definitionPlace = (thing: object): Place | undefined => places.get(thing)?.();

interface Frame {
  /** The function, "" if it has no name. */
  readonly name: string;
  readonly url: string;
  readonly place: Place;
}

/** The frames of a stack with a file, innermost first. Who awaits is left out: it has called nothing. */
function framesOf({ stack }: Error): Frame[] {
  const lines = String(stack).split("\n").filter((line) => /^\s*at (?!async )/.test(line));
  return lines.flatMap((line) => {
    const [, url, row, column] = address.exec(line) ?? [];
    if (url === undefined) return [];
    const file = decodeURI(url).split("/").slice(-2).join("/");
    const [, name = ""] = /at (\S+) \(/.exec(line) ?? [];
    return [{ name, url, place: `${file}:${row}:${column}` }];
  });
}

const isOutside = ({ url }: Frame): boolean =>
  !(url.startsWith(library) && floors.test(url.slice(library.length))) &&
  !/\/node_modules\/|\/npm\//.test(url);
