/** Checks that a wrong command line is refused cleanly. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { runHebb } from "./run_hebb.ts";

/** Path, size and time of everything below a folder. */
function contents(folder: string): string[] {
  return [...Deno.readDirSync(folder)].flatMap(({ name, isDirectory }) => {
    const path = join(folder, name);
    const { mtime, size } = Deno.statSync(path);
    return [`${path} ${size} ${mtime?.getTime()}`, ...isDirectory ? contents(path) : []];
  }).sort();
}

/** Expects the exit code, one line on standard error, no output, and no change of files. */
export async function assertRefused(
  args: readonly string[],
  { folder, says, code = 2 }: { folder: string; says: RegExp; code?: number },
): Promise<void> {
  const before = contents(folder);
  const result = await runHebb(args, { folder });
  assert.equal(result.code, code, result.stderr);
  assert.match(result.stderr, says);
  assert.equal(result.stderr.trimEnd().split("\n").length, 1, result.stderr);
  assert.equal(result.stdout, "");
  assert.deepEqual(contents(folder), before);
}
