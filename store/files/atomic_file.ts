/**
 * Replaces files as a whole. A reader sees the old content or the new one, never a part, even after a
 * kill or a power loss at any moment.
 */
import { dirname } from "node:path";
import { readUpTo } from "./open_file.ts";
import { plainFile } from "./plain_path.ts";
import { makeTemporary, removeStaleFiles } from "./temporary_file.ts";
import { writeAll } from "./write_all.ts";
import { writing } from "./writing.ts";

/** Moments of a replacement, in order, at which a test may stop the process. */
export type WriteStage = "written" | "synced" | "renamed";

export interface AtomicWriteOptions {
  /** Checks the bytes, read back from the disk, before they replace the old file; throws to give up. */
  readonly verify?: (written: Uint8Array) => void;
  /** Called after each stage (fault injection in tests). */
  readonly afterStage?: (stage: WriteStage) => void;
}

/**
 * Writes a file atomically: temporary file beside it, fsync, rename, fsync of the folder.
 * After an error the old file is intact and the temporary file is removed.
 *
 * It also removes what killed writers left in the folder.
 *
 * @throws as `writing`.
 */
export function writeFileAtomic(
  path: string,
  data: string | Uint8Array,
  options: AtomicWriteOptions = {},
): void {
  const bytes = typeof data === "string" ? new TextEncoder().encode(data) : data;
  writing(path, () => replaceFile(path, bytes, options));
}

function replaceFile(
  path: string,
  bytes: Uint8Array,
  { verify, afterStage }: AtomicWriteOptions,
): void {
  const folder = dirname(path);
  plainFile(path);
  removeStaleFiles(folder);
  const { path: temporary, file } = makeTemporary(folder);
  try {
    writeAll(file, bytes);
    afterStage?.("written");
    file.syncSync();
    afterStage?.("synced");
    verify?.(readBack(file, { path: temporary, length: bytes.length }));
    Deno.renameSync(temporary, path);
    afterStage?.("renamed");
  } catch (error) {
    removeQuietly(temporary);
    throw error;
  } finally {
    file.close();
  }
  syncFolder(folder);
}

/** Reads a file that was just written, and one byte more than it should have. */
function readBack(
  file: Deno.FsFile,
  { path, length }: { path: string; length: number },
): Uint8Array<ArrayBuffer> {
  file.seekSync(0, Deno.SeekMode.Start);
  return readUpTo(file, { path, length: length + 1 });
}

/** Makes the names in a folder durable. On Windows, which cannot open folders, it does nothing. */
export function syncFolder(folder: string): void {
  if (Deno.build.os === "windows") return;
  const handle = Deno.openSync(folder, { read: true });
  try {
    handle.syncSync();
  } finally {
    handle.close();
  }
}

function removeQuietly(path: string): void {
  try {
    Deno.removeSync(path);
  } catch {
    // Already renamed or never created; the first error is the one to report.
  }
}
