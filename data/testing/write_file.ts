/** Files for the tests of readers. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "../../store/files/damaged_file_error.ts";

/** The address of a small file that another program wrote. */
export const foreign = (name: string): URL => new URL(`files/${name}`, import.meta.url);

/** Writes a file into a folder. @returns its path. */
export function writeFile(
  folder: string,
  name: string,
  content: string | Uint8Array<ArrayBuffer>,
): string {
  const path = join(folder, name);
  Deno.writeFileSync(
    path,
    typeof content === "string" ? new TextEncoder().encode(content) : content,
  );
  return path;
}

/** Checks that a reader refuses a file in one line that begins with its name. */
export function assertDamaged(read: () => unknown, says: RegExp): void {
  assert.throws(read, (error: unknown) => isOneLine(error, says));
}

/** Whether an error is that of a damaged file, in one line. */
export function isOneLine(error: unknown, says: RegExp): boolean {
  assert.ok(error instanceof DamagedFileError, String(error));
  assert.ok(error.message.startsWith(`${error.source}: `) && !error.message.includes("\n"));
  assert.match(error.message, says);
  return true;
}
