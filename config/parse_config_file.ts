/** The one reader of files of settings: JSON or YAML, with bounds on what it takes. */
import { isTooDeep, tooDeep } from "./depth.ts";
import { duplicateKey } from "./duplicate_key.ts";
import { parseYaml } from "./parse_yaml.ts";
import { quote } from "./plain_text.ts";
import { UsageError } from "./usage_error.ts";

const mostBytes = 16 * 2 ** 20;

type Parser = (text: string) => unknown | Promise<unknown>;

const parsers: Readonly<Record<string, Parser>> = {
  ".json": parseJson,
  ".yaml": parseYaml,
  ".yml": parseYaml,
};

/**
 * The content of a file, at most 16 MB of UTF-8 with at most 64 groups inside each other.
 *
 * @throws UsageError if it cannot be read, is no text of its format, or says a key twice.
 */
export async function parseConfigFile(path: string): Promise<unknown> {
  const extension = /\.[^./\\]*$/.exec(path)?.[0].toLowerCase() ?? "";
  const parse = Object.hasOwn(parsers, extension) ? parsers[extension] : undefined;
  if (!parse) {
    throw new UsageError(`--config ${path}: expected a file ending in .json, .yaml or .yml`);
  }
  try {
    const value = await parse(await readText(path));
    if (isTooDeep(value)) throw tooDeep();
    return value;
  } catch (error) {
    throw new UsageError(`--config ${path}: ${firstLine(error)}`, { cause: error });
  }
}

async function readText(path: string): Promise<string> {
  let info: Deno.FileInfo;
  try {
    info = await Deno.stat(path);
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) throw new SyntaxError("no such file");
    throw error;
  }
  if (!info.isFile) throw new SyntaxError("expected a file, found a folder or a device");
  if (info.size > mostBytes) throw new SyntaxError("it is too large, expected at most 16 MB");
  try {
    // A byte order mark is skipped.
    return new TextDecoder("utf-8", { fatal: true }).decode(await Deno.readFile(path));
  } catch (error) {
    if (error instanceof TypeError) throw new SyntaxError("it is not UTF-8 text");
    throw error;
  }
}

function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  const key = duplicateKey(text);
  if (key !== undefined) throw new SyntaxError(`${quote(key)} is given twice`);
  return value;
}

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n", 1)[0]!.replace(/:$/, "");
