import { relative } from "node:path";

/** A path from the current folder if it lies below, else as it is. */
export function shortPath(path: string): string {
  const short = relative(Deno.cwd(), path);
  return short.startsWith("..") ? path : short;
}
