/** Finds the files of a data set: those that come along, files and folders, and the hub's store on this machine. */
import { basename, join } from "node:path";
import { SettingError } from "../../core/training/setting_error.ts";

/** Where a data set is. */
export interface DatasetFiles {
  /** In the order in which they are read. */
  readonly paths: readonly (string | URL)[];
  /** The column that its publishers say; undefined: nobody does. */
  readonly column?: string;
}

/** The data sets that come along: `corpora/README.md` says where they are from. */
export const shipped: readonly string[] = ["names", "book"];

/** Columns of published data sets, by their lower-case name. */
const publishedColumns: Readonly<Record<string, string>> = {
  "roneneldan/tinystories": "text",
  "jbrazzy/baby_names": "Names",
};

/** Kinds of files, the best one first: a published data set may have its rows in several. */
const kinds = [/\.parquet$/, /\.(csv|tsv)(\.gz)?$/, /\.(jsonl|ndjson)(\.gz)?$/, /\.txt(\.gz)?$/];

/** Whether a file can be read. */
export const isReadable = (name: string): boolean => kinds.some((kind) => kind.test(name));

/** Whether a text is the name of a published data set, `OWNER/NAME`. */
export const isPublishedName = (name: string): boolean => /^\w[\w.-]*\/\w[\w.-]*$/.test(name);

/** Whether a text may be meant as a data set: one that comes along, a file, or a published one. */
export const isDatasetName = (name: string): boolean =>
  shipped.includes(name) || isReadable(name) || name.includes("/");

/** The files of a published data set that hold what is trained on: of the best kind, not those that are held out. */
export function chosenFiles(names: readonly string[]): string[] {
  const kind = kinds.find((pattern) => names.some((name) => pattern.test(name)));
  const ofKind = names.filter((name) => kind?.test(name)).sort();
  const training = ofKind.filter((name) => !/valid|test|\bdev\b/i.test(basename(name)));
  return training.length > 0 ? training : ofKind;
}

/** The folder of the hub's store, if `HF_HOME` says where it is and may be read. */
export function hubFolder(): string | undefined {
  try {
    const home = Deno.env.get("HF_HOME");
    return home ? join(home, "hub") : undefined;
  } catch {
    return undefined;
  }
}

/** The folder of a published data set in the hub's store. */
export const storedName = (name: string): string => `datasets--${name.replaceAll("/", "--")}`;

/**
 * The files of a data set.
 *
 * @throws SettingError, in one line, if there is none.
 */
export function findDataset(name: string, task: string): DatasetFiles {
  if (shipped.includes(name)) {
    return { paths: [new URL(`./corpora/${name}.txt.br`, import.meta.url)] };
  }
  const refuse = (expected: string): never => {
    throw new SettingError({ task, key: "dataset" }, expected, name);
  };
  const column = publishedColumns[name.toLowerCase()];
  const facts = column === undefined ? {} : { column };
  const info = statOf(name);
  if (info?.isFile) {
    if (!isReadable(name)) refuse("a file that ends in .txt, .csv, .tsv, .jsonl or .parquet");
    return { ...facts, paths: [name] };
  }
  if (info && !info.isDirectory) refuse("a file, not a pipe, socket or device");
  const folder = info ? name : isPublishedName(name) ? inHub(name) : undefined;
  if (folder !== undefined) {
    const paths = chosenFiles(filesIn(folder));
    if (paths.length > 0) return { ...facts, paths };
    refuse(`a folder with files of .parquet, .csv, .jsonl or .txt in ${folder}`);
  }
  return refuse(
    isPublishedName(name) && !isReadable(name)
      ? `a data set on this machine (${lookedIn()}; --download fetches it, the only thing that does)`
      : `${
        shipped.join(", ")
      }, a published name such as roneneldan/tinystories, or a file that is there`,
  );
}

const lookedIn = (): string =>
  `looked for a folder of that name, and in ${hubFolder() ?? "HF_HOME, which is not set"}`;

function statOf(path: string): Deno.FileInfo | undefined {
  try {
    return Deno.statSync(path);
  } catch {
    return undefined;
  }
}

/** The newest version of a data set in the hub's store, whatever the case of its name. */
function inHub(name: string): string | undefined {
  const hub = hubFolder();
  if (hub === undefined || !statOf(hub)?.isDirectory) return undefined;
  const wanted = storedName(name).toLowerCase();
  const stored = [...Deno.readDirSync(hub)].map(({ name }) => name)
    .find((other) => other.toLowerCase() === wanted);
  if (stored === undefined) return undefined;
  const snapshots = join(hub, stored, "snapshots");
  if (!statOf(snapshots)?.isDirectory) return undefined;
  const versions = [...Deno.readDirSync(snapshots)].map(({ name }) => join(snapshots, name))
    .filter((path) => statOf(path)?.isDirectory);
  const timeOf = (path: string) => statOf(path)?.mtime?.getTime() ?? 0;
  return versions.sort((a, b) => timeOf(b) - timeOf(a) || (a < b ? -1 : 1))[0];
}

/** All files in a folder and those below it. Links to files are followed, as the hub's store has them. */
function filesIn(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    return isDirectory ? filesIn(path) : statOf(path)?.isFile ? [path] : [];
  });
}
