/** Finds the folders of runs below a folder. */
import { join } from "node:path";

/** The folder of a run, as a list of runs knows it. */
export interface FoundRun {
  readonly folder: string;
  /** From the folder that is searched, with "/" between names. */
  readonly path: string;
  /** Times and sizes of its config and status: if they are as before, so are the files. */
  readonly stamp: string;
}

/**
 * The folders below `root` that hold a `config.json`, without entering them: what lies in the folder of a run
 * belongs to it. Links and hidden folders are not followed. A folder that cannot be read holds no runs.
 *
 * @param root may be the folder of a run itself; its path is then ".".
 */
export function* findRuns(root: string, path = ""): Generator<FoundRun> {
  const folder = path === "" ? root : join(root, path);
  const stamp = stampOf(folder);
  if (stamp !== undefined) {
    yield { folder, path: path === "" ? "." : path, stamp };
    return;
  }
  for (const name of foldersIn(folder)) {
    yield* findRuns(root, path === "" ? name : `${path}/${name}`);
  }
}

/** The stamp of the run in a folder; undefined if it holds none. */
export function stampOf(folder: string): string | undefined {
  const config = fileStamp(join(folder, "config.json"));
  if (config === undefined) return undefined;
  return `${config} ${fileStamp(join(folder, "status.json")) ?? "-"}`;
}

/** The time and size of a plain file; undefined if there is none. */
function fileStamp(path: string): string | undefined {
  try {
    const { isFile, mtime, size } = Deno.lstatSync(path);
    return isFile ? `${mtime?.getTime() ?? 0}:${size}` : undefined;
  } catch {
    return undefined;
  }
}

function foldersIn(folder: string): string[] {
  try {
    return [...Deno.readDirSync(folder)]
      .filter(({ name, isDirectory }) =>
        isDirectory && !name.startsWith(".") && name !== "node_modules"
      )
      .map(({ name }) => name).sort();
  } catch {
    return [];
  }
}
