/**
 * The files that a command line and its config files name in place of tasks, models and updaters. They are
 * loaded before the options are parsed, since their settings are options.
 */
import { type EntrySection, entrySections, isFileName } from "../../config/catalogue.ts";
import type { EntryFiles } from "../../config/build/load_own_entries.ts";
import { isInRun, readConfigFile } from "../../config/config_file.ts";
import { nameFlags } from "./flags.ts";

/** What a command line and its config files name, by section: the last one counts. The command line comes last. */
export type TypedNames = { readonly [K in EntrySection]?: string };

/**
 * The names and files that a command line asks for, as they are typed. Files that the config of a run names do not
 * count.
 *
 * @throws UsageError if a config file cannot be read.
 */
export async function typedNames(args: readonly string[]): Promise<TypedNames> {
  const configs = await Promise.all(
    valuesOf(args, ["--config"]).map(async (path) => {
      const assignments = await readConfigFile(path);
      const isRun = await isInRun(path);
      return assignments.filter(({ value }) => !(isRun && isFileName(String(value))));
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
  return Object.fromEntries(entrySections.flatMap((section) => {
    const [, value] = names.findLast(([path]) => path === `${section}.name`) ?? [];
    return typeof value === "string" ? [[section, value]] : [];
  }));
}

/**
 * The files among the names.
 *
 * @example
 * entryFiles(await typedNames(["--model", "own/hebbff.ts", "--config", "own/run.yaml"]));
 */
export const entryFiles = (names: TypedNames): EntryFiles =>
  Object.fromEntries(Object.entries(names).filter(([, value]) => isFileName(value)));

/** What is typed after any of some options, `--option value` or `--option=value`. */
export const valuesOf = (args: readonly string[], options: readonly string[]): string[] =>
  args.flatMap((word, index) =>
    options.flatMap((option) =>
      word === option && args[index + 1] !== undefined
        ? [args[index + 1]!]
        : word.startsWith(`${option}=`)
        ? [word.slice(option.length + 1)]
        : []
    )
  );
