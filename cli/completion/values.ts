/** Values of options and arguments that a shell can complete. Whatever is typed is taken. */
import type { Suggestion } from "@optique/core/parser";
import { string, type ValueParser } from "@optique/core/valueparser";
import { suggestRuns } from "./suggest_runs.ts";

type Text = ValueParser<"sync", string>;

/** Such as `DIR` or `NAME,...`. */
type Metavar = `${string}${string}`;

/** A text with suggestions of one's own. */
export const suggesting = (
  metavar: Metavar,
  suggest: (prefix: string) => Iterable<Suggestion>,
): Text => ({ ...string({ metavar: metavar as "TEXT" }), suggest });

/** Suggestions that go on from what is typed. */
export const literals = (texts: Iterable<string>, prefix: string): Suggestion[] =>
  [...texts].filter((text) => text.startsWith(prefix)).map((text) => ({ kind: "literal", text }));

/** The shell completes paths itself. */
const paths = (
  pattern: string,
  type: "file" | "directory",
  extensions?: readonly string[],
): Suggestion => ({ kind: "file", type, pattern, ...extensions ? { extensions } : {} });

/** A folder that may not be there yet. */
export const folder = (metavar: Metavar = "DIR"): Text =>
  suggesting(metavar, (prefix) => [paths(prefix, "directory")]);

/** The folder of a stored run. */
export const runFolder = (metavar: Metavar = "DIR"): Text =>
  suggesting(metavar, (prefix) => {
    const runs = suggestRuns(prefix);
    return runs.length > 0 ? literals(runs, prefix) : [paths(prefix, "directory")];
  });

/** A file with one of some endings. */
export const file = (extensions: readonly string[], metavar: Metavar = "FILE"): Text =>
  suggesting(metavar, (prefix) => [paths(prefix, "file", extensions)]);

/** Endings of files of code. */
export const codeFiles = [".ts", ".js"] as const;

/**
 * One of some names, and a file of one's own where there may be one. With a metavar such as `NAME,...`
 * several names with commas between, of which the last one is completed.
 */
export const name = (
  names: () => Iterable<string>,
  { metavar, files }: { metavar: Metavar; files?: readonly string[] },
): Text =>
  suggesting(metavar, (prefix) => {
    const before = metavar.endsWith(",...") ? prefix.slice(0, prefix.lastIndexOf(",") + 1) : "";
    const known = literals([...names()].map((name) => before + name), prefix);
    return files && prefix !== "" ? [...known, paths(prefix, "file", files)] : known;
  });
