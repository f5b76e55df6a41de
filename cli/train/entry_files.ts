/**
 * The files that a command line and its config files name in place of tasks, models and updaters. They are
 * loaded before the options are parsed, since their settings are options.
 */
import { type EntrySection, entrySections, isFileName } from "../../config/catalogue.ts";
import type { EntryFiles } from "../../config/build/load_own_entries.ts";
import { isInRun, readConfigFile } from "../../config/config_file.ts";
import { nameFlags } from "./flags.ts";

/**
 * The files by section: the last one that the command line names, or else that of the last config file. The
 * config of a run names none.
 *
 * @throws UsageError if a config file cannot be read.
 *
 * @example
 * await entryFiles(["--model", "own/hebbff.ts", "--config", "own/run.yaml"]);
 */
export async function entryFiles(args: readonly string[]): Promise<EntryFiles> {
  const configs = await Promise.all(
    valuesOf(args, ["--config"]).map(async (path) => {
      const assignments = await readConfigFile(path);
      return await isInRun(path) ? [] : assignments;
    }),
  );
  const names = [
    ...configs.flat().map(({ section, key, value }) => [`${section}.${key}`, value] as const),
    ...valuesOf(args, ["--set"]).map((text) => {
      const [, path = "", value = ""] = /^([^=]*)=(.*)$/s.exec(text) ?? [];
      return [path, value] as const;
    }),
    ...entrySections.flatMap((section) =>
      valuesOf(args, nameFlags[section]).map((value) => [`${section}.name`, value] as const)
    ),
  ];
  const fileOf = (section: EntrySection) => {
    const [, value] = names.findLast(([path]) => path === `${section}.name`) ?? [];
    return typeof value === "string" && isFileName(value) ? value : undefined;
  };
  return Object.fromEntries(
    entrySections.flatMap((section) => {
      const file = fileOf(section);
      return file === undefined ? [] : [[section, file]];
    }),
  );
}

/** What is typed after any of some options, `--option value` or `--option=value`. */
const valuesOf = (args: readonly string[], options: readonly string[]): string[] =>
  args.flatMap((word, index) =>
    options.flatMap((option) =>
      word === option && args[index + 1] !== undefined
        ? [args[index + 1]!]
        : word.startsWith(`${option}=`)
        ? [word.slice(option.length + 1)]
        : []
    )
  );
