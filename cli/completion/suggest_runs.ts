/** Finds the stored runs that a path may be completed to. */
import { dirname } from "node:path";
import { findRuns } from "../../store/index/find_runs.ts";

/** Above this nobody reads a list, and a shell completes folder by folder. */
const mostRuns = 200;

const root = "runs";

/** What a shell puts into the line as it is. In other names it would find blanks, quotes or commands. */
const plain = /^[\p{L}\p{N}_@%+=:,./-]+$/u;

/**
 * The folders of runs whose paths begin with a text, as they would be typed: those in the folder that it names, or
 * in `runs` if nothing else is typed yet. None if there are more than 200, or if one has a name that a shell has to quote:
 * it completes folders itself then.
 *
 *     suggestRuns("runs/d"); // ["runs/default/20300401T093000Z-recall"]
 */
export function suggestRuns(prefix: string): string[] {
  const isRoot = `${root}/`.startsWith(prefix);
  const parent = isRoot
    ? root
    : prefix.endsWith("/")
    ? prefix.slice(0, -1) || "/"
    : dirname(prefix);
  if (!isRoot && parent === ".") return [];
  const found: string[] = [];
  for (const { path } of findRuns(parent)) {
    const typed = path === "." ? parent : `${parent}/${path}`;
    if (!typed.startsWith(prefix)) continue;
    if (found.length === mostRuns || !plain.test(typed)) return [];
    found.push(typed);
  }
  return found;
}
