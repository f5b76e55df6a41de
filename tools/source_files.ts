/** The source files of the project, for the layer check, the size report and the test of documents. */
import { join, relative, sep } from "node:path";

/** Top folders of source, lowest layer first. */
export const sourceFolders: readonly string[] = [
  "deps",
  "formats",
  "core",
  "tasks",
  "models",
  "updaters",
  "config",
  "store",
  "data",
  "analysis",
  "report",
  "runner",
  "watch",
  "studies",
  "cli",
  "bench",
  "examples",
  "tests",
  "tools",
];

const sourceFile = /\.(ts|js|wgsl|wat|css)$/;

/** The text of each source file, by its path inside the repository, with "/". */
export function readSourceFiles(root: string): Map<string, string> {
  const files = new Map<string, string>();
  const read = (path: string) => {
    files.set(relative(root, path).split(sep).join("/"), Deno.readTextFileSync(path));
  };
  const walk = (folder: string) => {
    for (const { name, isDirectory, isFile } of Deno.readDirSync(folder)) {
      if (isDirectory && !/^[._]|^node_modules$/.test(name)) walk(join(folder, name));
      else if (isFile && sourceFile.test(name)) read(join(folder, name));
    }
  };
  for (const folder of sourceFolders) {
    try {
      walk(join(root, folder));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }
  for (const { name, isFile } of Deno.readDirSync(root)) {
    if (isFile && sourceFile.test(name)) read(join(root, name));
  }
  return new Map([...files].sort(([a], [b]) => a < b ? -1 : 1));
}

/** Number of lines; a line break at the end starts no line. */
export const lineCount = (text: string): number =>
  text.split("\n").length - (text.endsWith("\n") ? 1 : 0);
