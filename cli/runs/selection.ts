/** Which runs an action is about: those below a folder that meet a condition, or those that are named. */
import { basename, join } from "node:path";
import { message, text } from "@optique/core/message";
import { multiple, withDefault } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { plainFile } from "../../store/files/plain_path.ts";
import { listRuns } from "../../store/index/list_runs.ts";
import type { RunFacts } from "../../store/index/run_facts.ts";
import { filterRuns } from "../../store/index/select_runs.ts";
import { folder } from "../completion/values.ts";

/** The folder of runs that is meant without another word. */
export const defaultRoot = "runs";

export const selectionOptions = {
  where: multiple(option("--where", string({ metavar: "CONDITION" }), {
    description: message`Only runs that meet it, such as ${
      text('"model=hybrid and learning_rate<1e-3 and accuracy>0.9"')
    }; may be given again: all have to be met`,
  })),
} as const;

export const rootOption = {
  root: withDefault(
    option("--dir", folder(), {
      description: message`Folder that names of runs are looked up in [${text(defaultRoot)}]`,
    }),
    defaultRoot,
  ),
} as const;

/** The runs of a folder that meet all conditions. Says on standard error why an index is not used. */
export function chosenRuns(root: string, where: readonly string[]): readonly RunFacts[] {
  const { runs, problem } = listRuns(root);
  if (problem !== undefined) {
    console.error(`note: without the index: ${problem}`);
  }
  return where.reduce(filterRuns, runs);
}

/**
 * The folder of a run that is named: its path, its path below the root, the name of its folder, or the beginning
 * of one.
 *
 * @throws UsageError if there is none, or there are several.
 */
export function runFolder(name: string, root: string): string {
  for (const folder of [name, join(root, name)]) if (holdsRun(folder)) return folder;
  const runs = listedRuns(root);
  const named = runs.filter((run) => run.name === name);
  const found = named.length > 0 ? named : runs.filter((run) => run.name.startsWith(name));
  if (found.length === 1) return join(root, found[0]!.path);
  if (found.length > 1) {
    const paths = found.slice(0, 5).map(({ path }) => path).join(", ");
    const more = found.length > 5 ? `, and ${found.length - 5} more` : "";
    throw new UsageError(`${quote(name)} may be ${found.length} runs: ${paths}${more}`);
  }
  const hint = didYouMean(basename(name), runs.map((run) => run.name));
  throw new UsageError(
    `${quote(name)}: neither the folder of a run nor the name of one in ${root}${hint}`,
  );
}

function listedRuns(root: string): readonly RunFacts[] {
  try {
    return listRuns(root).runs;
  } catch (error) {
    // The name is what is wrong, not the folder that nobody has typed.
    if (error instanceof UsageError) return [];
    throw error;
  }
}

/** @throws RunFolderError for a config that is no plain file. */
function holdsRun(folder: string): boolean {
  try {
    return plainFile(join(folder, "config.json")) !== null;
  } catch (error) {
    if (error instanceof Deno.errors.NotADirectory) return false;
    throw error;
  }
}
