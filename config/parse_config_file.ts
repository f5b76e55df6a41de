/** The one reader of files of settings: JSON, YAML or TOML, with bounds on what it takes. */
import { isTooDeep, tooDeep } from "./depth.ts";
import { decodeText } from "./decode_text.ts";
import { parseJson } from "./parse_json.ts";
import { parseToml } from "./parse_toml.ts";
import { parseYaml } from "./parse_yaml.ts";
import { readUserFile } from "./read_user_file.ts";
import { UsageError } from "./usage_error.ts";

const mostBytes = 16 * 2 ** 20;

type Parser = (text: string) => unknown | Promise<unknown>;

const parsers: Readonly<Record<string, Parser>> = {
  ".json": parseJson,
  ".yaml": parseYaml,
  ".yml": parseYaml,
  ".toml": parseToml,
};

/** Endings of the files that settings are read from. */
export const configExtensions: readonly string[] = Object.keys(parsers);

/**
 * The content of a file, at most 16 MB of UTF-8 with at most 64 groups inside each other.
 *
 * @param option the option that names the file, for errors.
 * @throws UsageError if it cannot be read, is no text of its format, or says a key twice.
 */
export const parseConfigFile = (path: string, option = "--config"): Promise<unknown> =>
  parseText(path, { option, read: () => decodeText(readUserFile(path, mostBytes)) });

/** The same, of a text that was read already. @param path says the format. */
export const parseConfigText = (text: string, path: string, option: string): Promise<unknown> =>
  parseText(path, { option, read: () => text });

async function parseText(
  path: string,
  { option, read }: { option: string; read: () => string },
): Promise<unknown> {
  const extension = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? "";
  const parse = Object.hasOwn(parsers, extension) ? parsers[extension] : undefined;
  if (!parse) {
    throw new UsageError(`${option} ${path}: expected a file ending in ${endings}`);
  }
  try {
    const value = await parse(read());
    if (isTooDeep(value)) throw tooDeep();
    return value;
  } catch (error) {
    throw new UsageError(`${option} ${path}: ${firstLine(error)}`, { cause: error });
  }
}

const endings = [configExtensions.slice(0, -1).join(", "), ...configExtensions.slice(-1)].join(
  " or ",
);

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.replace(/:$/, "");
