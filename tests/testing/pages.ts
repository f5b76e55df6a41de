/** The documents for users. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Paths of README.md, docs/ and the README of the example, inside the repository. */
export function pagesOfUsers(): string[] {
  const first = ["README.md", "examples/own/README.md"].filter((page) =>
    existsSync(join(root, page))
  );
  return [...first, ...pagesIn("docs").sort()];
}

const pagesIn = (folder: string): string[] =>
  [...Deno.readDirSync(join(root, folder))].flatMap(({ name, isDirectory }) => {
    const path = `${folder}/${name}`;
    return isDirectory ? pagesIn(path) : name.endsWith(".md") ? [path] : [];
  });
