/** What a site wants to know of a Slurm job: partition, time, account, memory, modules. */
import { quote } from "../../config/plain_text.ts";
import { decodeText } from "../../config/decode_text.ts";
import { readUserFile } from "../../config/read_user_file.ts";
import { UsageError } from "../../config/usage_error.ts";
import { shellWord } from "./shell_word.ts";

export interface SiteOptions {
  /** Lines that begin with `#SBATCH`, and comments. */
  readonly options: readonly string[];
  /** Lines of shell that come before the training, such as `module load deno`. */
  readonly commands: readonly string[];
}

const mostBytes = 2 ** 20;

/**
 * The options of sbatch as typed, `NAME=VALUE` or `NAME`, after those of a file of `#SBATCH` lines and commands.
 * Slurm takes the last of two.
 *
 * @throws UsageError for an option that is none or that Hebb gives itself, or a file that cannot be used.
 */
export function siteOptions(
  { sbatch = [], sbatchFile }: {
    sbatch?: readonly string[] | undefined;
    sbatchFile?: string | undefined;
  },
): SiteOptions {
  const { options, commands } = sbatchFile === undefined
    ? { options: [], commands: [] }
    : readTemplate(sbatchFile);
  return { options: [...options, ...sbatch.map(optionLine)], commands };
}

function optionLine(text: string): string {
  const [, name, value] = /^([a-z][a-z-]*)(?:=(.*))?$/s.exec(text) ?? [];
  if (name === undefined) {
    throw new UsageError(
      `--sbatch: expected an option without its dashes, such as time=4:00:00, got ${quote(text)}`,
    );
  }
  if (name === "array") throw new UsageError("--sbatch array: the shards are the array");
  return `#SBATCH --${name}${value === undefined ? "" : `=${shellWord(value)}`}`;
}

/** Slurm reads options up to the first command. */
function readTemplate(path: string): SiteOptions {
  const refuse = (why: string, cause?: unknown) =>
    new UsageError(`--sbatch-file ${path}: ${why}`, { cause });
  let text: string;
  try {
    text = decodeText(readUserFile(path, mostBytes));
  } catch (error) {
    throw refuse((error as Error).message, error);
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== "" && !line.startsWith("#!"));
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const [options, commands] = first < 0 ? [lines, []] : [lines.slice(0, first), lines.slice(first)];
  const late = commands.find((line) => line.startsWith("#SBATCH"));
  if (late !== undefined) {
    throw refuse(`${quote(late)} comes after a command, where Slurm reads none`);
  }
  return { options, commands };
}
