import { relative } from "node:path";

/** The path from the current folder if it lies below it, else the path itself. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}
