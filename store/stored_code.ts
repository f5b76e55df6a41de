/**
 * The code of a stored run whose task, model or updater is of no table. A run folder names no code that
 * would run by itself: whoever uses the run names the file again, and its hash is compared.
 */
import { z } from "../deps/zod.ts";
import { quote } from "../config/plain_text.ts";
import {
  Catalogue,
  type EntrySection,
  entrySections,
  type OwnEntries,
  type OwnEntry,
} from "../config/catalogue.ts";
import type { RunConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";

/** Entries of one's own that a stored run may use. */
export interface OwnCode {
  readonly own: OwnEntries;
  /** Whether their code may be another than the one that the run began with. */
  readonly allowChanged: boolean;
}

/** The tables alone. */
export const noCode: OwnCode = { own: {}, allowChanged: false };

/** The key of config.json that holds hashes by section; "" where the code came from a script, not a file. */
const codeKey = "code";
const hashes = z.partialRecord(z.enum(entrySections), z.string());

/** A config as `config.json` holds it. */
export function storedConfig(config: RunConfig): object {
  const own = Object.entries(config.catalogue.own).map(([section, { hash = "" }]) =>
    [section, hash] as const
  );
  return own.length === 0 ? config : { ...config, [codeKey]: Object.fromEntries(own) };
}

/**
 * Separates the hashes of a stored config from its settings, and finds the code that they belong to.
 *
 * @param stored the content of config.json.
 * @param source its path, for errors.
 * @returns the settings, and the catalogue with the entries under the names that the settings have.
 * @throws UsageError if code is missing or has changed, or the run needs none.
 */
export function withStoredCode(
  { [codeKey]: code, ...sections }: Readonly<Record<string, unknown>>,
  { own, allowChanged }: OwnCode,
  source: string,
): { sections: Readonly<Record<string, unknown>>; catalogue: Catalogue } {
  const { data: stored = {}, error } = hashes.safeParse(code ?? {});
  if (error) throw new UsageError(`${source}: ${codeKey}: expected hashes by section`);
  const found = entrySections.flatMap((section) => {
    const { name } = (sections[section] ?? {}) as { readonly name?: unknown };
    const run = { section, name: String(name), hash: stored[section], allowChanged, source };
    const entry = matchingEntry(own[section], run);
    return entry ? [[section, entry] as const] : [];
  });
  return { sections, catalogue: new Catalogue(Object.fromEntries(found) as OwnEntries) };
}

/** The own entry of a section under the name that the run has for it; undefined if it is of a table. */
function matchingEntry(
  entry: OwnEntry | undefined,
  { section, name, hash, allowChanged, source }: {
    section: EntrySection;
    name: string;
    hash: string | undefined;
    allowChanged: boolean;
    source: string;
  },
): OwnEntry | undefined {
  if (hash === undefined) {
    if (!entry) return undefined;
    throw new UsageError(
      `--${section} ${entry.name}: the run of ${source} has ${section} ${
        quote(name)
      }, expected no file`,
    );
  }
  if (!entry) {
    const whose = hash === ""
      ? `is a value of a script, which has to give it again as ${section}; a file that exports it will ` +
        "do too"
      : "is code of one's own; name its file to run it";
    throw new UsageError(`${source}: its ${section} ${quote(name)} ${whose}: --${section} FILE`);
  }
  if (hash !== "" && entry.hash !== undefined && entry.hash !== hash && !allowChanged) {
    throw new UsageError(
      `--${section} ${entry.name}: its code has changed since the run began; ` +
        "--allow-changed-code uses it as it is now",
    );
  }
  return { ...entry, name };
}
