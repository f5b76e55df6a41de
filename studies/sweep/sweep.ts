/** A sweep that is stored in a folder: what is searched, from which settings, with which seeds. */
import { z } from "../../deps/zod.ts";
import { type Assignment, sectionNames } from "../../config/assignment.ts";
import { Catalogue, entrySections } from "../../config/catalogue.ts";
import { type EntryFiles, loadOwnEntries } from "../../config/build/load_own_entries.ts";
import { firstProblem } from "../../config/explain_issue.ts";
import { UsageError } from "../../config/usage_error.ts";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";
import { readJsonFile } from "../../store/files/json_file.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { parseSweepFile } from "../search/parse_sweep_file.ts";
import type { SweepFile } from "../search/sweep_file.ts";
import { sweepPaths } from "./sweep_paths.ts";

const assignment = z.strictObject({
  section: z.enum(sectionNames),
  key: z.string(),
  value: z.unknown(),
  isText: z.boolean(),
  origin: z.string(),
});

const storedSweep = z.strictObject({
  version: z.literal(1),
  file: z.strictObject({ name: z.string(), text: z.string() }),
  settings: z.array(assignment),
  preset: z.string().optional(),
  code: z.partialRecord(z.enum(entrySections), z.string()),
  seeds: z.array(z.number()).min(1),
  search_seed: z.number(),
  trials: z.number().optional(),
});

/** What `sweep.json` holds. */
export interface StoredSweep {
  readonly version: 1;
  /** The file of the sweep, as it was. */
  readonly file: { readonly name: string; readonly text: string };
  /** Settings of all points, weakest first, as they were typed or stood in config files. */
  readonly settings: readonly Assignment[];
  readonly preset?: string | undefined;
  /** Absolute paths of files that stand for a task, model or updater. */
  readonly code: EntryFiles;
  /** Each point trains a network of each seed. */
  readonly seeds: readonly number[];
  /** Seed of the search. */
  readonly search_seed: number;
  /** Most points; undefined: as many as the file says. */
  readonly trials?: number | undefined;
}

/** A sweep, ready to be worked on. */
export interface Sweep {
  readonly folder: string;
  readonly paths: ReturnType<typeof sweepPaths>;
  readonly stored: StoredSweep;
  readonly file: SweepFile;
  /** What names of tasks, models and updaters stand for. */
  readonly catalogue: Catalogue;
}

/**
 * The sweep in a folder.
 *
 * @throws UsageError if there is none, or its file or code cannot be used.
 * @throws DamagedFileError
 */
export async function openSweep(folder: string): Promise<Sweep> {
  const { definition } = sweepPaths(folder);
  if (!isSweep(folder)) throw new UsageError(`${folder}: it holds no sweep (no sweep.json)`);
  const value = readJsonFile(definition);
  const { data, error } = storedSweep.safeParse(value);
  if (!data) throw new DamagedFileError(definition, firstProblem(error, value));
  const stored = data as StoredSweep;
  return sweepIn(folder, stored, await readSweep(stored));
}

/** Whether what is trained next depends on what was found. */
export const isAdaptive = ({ file: { method, metric, earlyTermination } }: Sweep): boolean =>
  method === "bayes" || earlyTermination !== undefined || metric?.target !== undefined;

/** Whether a folder holds a sweep. */
export const isSweep = (folder: string): boolean =>
  plainFile(sweepPaths(folder).definition) !== null;

/** What a stored sweep says: its file, and its code. @throws UsageError if one of them cannot be used. */
export async function readSweep(
  { file: { text, name }, code, trials }: Pick<StoredSweep, "file" | "code" | "trials">,
): Promise<Pick<Sweep, "file" | "catalogue">> {
  const catalogue = new Catalogue(await loadOwnEntries(code));
  const file = await parseSweepFile(text, name, catalogue);
  return { file: trials === undefined ? file : { ...file, runCap: trials }, catalogue };
}

/** A sweep in its folder. @param stored in the form in which it is compared with what is stored. */
export const sweepIn = (
  folder: string,
  stored: StoredSweep,
  read: Pick<Sweep, "file" | "catalogue">,
): Sweep => ({
  folder,
  paths: sweepPaths(folder),
  stored: storedSweep.parse(stored) as StoredSweep,
  ...read,
});
