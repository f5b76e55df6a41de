/** A folder of a user, in which the blocks of a page run. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { type CodeBlock, commandsOf, onTheirLines } from "./code_blocks.ts";
import { shortCommand } from "./page_commands.ts";

/** A page, and the folder where its blocks run. */
export interface PageFolder {
  /** Path of the page in the repository. */
  readonly page: string;
  readonly blocks: readonly CodeBlock[];
  readonly folder: string;
  /** Where its commands run: in `own` those of the README there. */
  readonly cwd: string;
  /** Its module with every block of TypeScript, and that of the blocks that run; undefined without any. */
  readonly modules: { readonly checked: string; readonly run: string } | undefined;
  /** Paths of the files of TypeScript that it shows. */
  readonly shown: readonly string[];
  /** The command lines that run. */
  readonly commands: readonly (readonly string[])[];
}

const root = fileURLToPath(new URL("../..", import.meta.url));

/** The one name that a user's folder has to know (docs/guide/README.md). */
export const importMap = { hebb: new URL("../../mod.ts", import.meta.url).href };

function copyFiles(from: string, to: string): void {
  Deno.mkdirSync(to, { recursive: true });
  for (const { name, isFile } of Deno.readDirSync(from)) {
    if (isFile) Deno.copyFileSync(join(from, name), join(to, name));
  }
}

/** Trainings of scripts end after so many iterations. */
const MOST_ITERATIONS = 100;

const shorten = (text: string): string =>
  text.replaceAll(
    /\biterations: ([\d_]+)/g,
    (_, count: string) =>
      `iterations: ${Math.min(Number(count.replaceAll("_", "")), MOST_ITERATIONS)}`,
  );

/**
 * Makes the folder of a page: `examples/own` as it is and as `own`, files that the page shows, modules of its blocks.
 *
 * @param implied imports that the page leaves out.
 */
export function makePageFolder(
  { page, blocks, folder, implied = "" }: {
    page: string;
    blocks: readonly CodeBlock[];
    folder: string;
    implied?: string;
  },
): PageFolder {
  copyFiles(join(root, "examples/own"), join(folder, "own"));
  copyFiles(join(root, "examples/own"), join(folder, "examples/own"));
  copyFiles(join(root, "docs"), join(folder, "docs"));
  copyFiles(join(root, "docs/sweeps"), join(folder, "docs/sweeps"));
  Deno.writeTextFileSync(join(folder, "mod.ts"), 'export * from "hebb";\n');
  for (const { file, text } of blocks) {
    if (file === undefined) continue;
    Deno.mkdirSync(dirname(join(folder, file)), { recursive: true });
    Deno.writeTextFileSync(join(folder, file), text);
  }
  const unnamed = (language: string) =>
    blocks.filter((block) => block.language === language && block.file === undefined);
  const scripts = unnamed("ts");
  const write = (name: string, text: string) => {
    Deno.writeTextFileSync(join(folder, name), implied + text + "\nexport {};\n");
    return join(folder, name);
  };
  const id = page.replaceAll(/\W/g, "_");
  const modules = scripts.length === 0 ? undefined : {
    checked: write(`${id}.ts`, onTheirLines(scripts)),
    run: write(
      `${id}_run.ts`,
      shorten(onTheirLines(scripts.filter((block) => !block.isOnlyChecked))),
    ),
  };
  const commands = unnamed("sh").filter((block) => !block.isOnlyChecked)
    .flatMap(({ text }) => commandsOf(text)).map(shortCommand).filter((line) => line !== undefined);
  const cwd = page.startsWith("examples/own") ? join(folder, "own") : folder;
  const shown = blocks.flatMap(({ file }) => file?.endsWith(".ts") ? join(folder, file) : []);
  return { page, blocks, folder, cwd, modules, shown, commands };
}
