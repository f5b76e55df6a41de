/**
 * The one opener of files of a run or an experiment: plain files only, and no more than a bound is read.
 *
 * Links in the path of the run folder itself are the user's own. Below it there are none: its inner
 * folders are entered by `inner_folder.ts`, its files opened here. Deno cannot ask the system to refuse a
 * link while it opens (O_NOFOLLOW). So the path is looked at, opened, and the open file compared with
 * what was seen. What is left is a race: who swaps the file in between gets it opened and, if it is a
 * pipe, makes the command wait; but nothing of it is read or written.
 */
import { decodeText } from "../../config/decode_text.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { plainFile } from "./plain_path.ts";
import { RunFolderError } from "./run_folder_error.ts";

const MB = 1024 ** 2;

/** Most bytes that are read of each kind of file. */
export const sizeLimits = {
  /** Settings and other small texts. */
  text: 16 * MB,
  /** JSON with matrices; a longer text would not fit into one string. */
  numbers: 480 * MB,
  tensors: 4096 * MB,
} as const;

/** An open file, with its size at that moment. */
export interface OpenedFile {
  readonly file: Deno.FsFile;
  readonly size: number;
}

/**
 * Opens a file for reading; the caller closes it.
 *
 * @throws Deno.errors.NotFound if there is nothing, RunFolderError if it is no plain file.
 */
export function openForReading(path: string): OpenedFile {
  return openExisting(path, { read: true }) ?? missing(path);
}

/** Opens a file for appending, or makes it; the caller closes it. @throws RunFolderError */
export function openForAppending(path: string): Deno.FsFile {
  for (;;) {
    const existing = openExisting(path, { append: true });
    if (existing) return existing.file;
    try {
      return Deno.openSync(path, { append: true, createNew: true });
    } catch (error) {
      // Another process was faster: its file is opened in the next turn.
      if (!(error instanceof Deno.errors.AlreadyExists)) throw error;
    }
  }
}

/**
 * The bytes of a file.
 *
 * @param limit most bytes, of `sizeLimits`.
 * @throws Deno.errors.NotFound, RunFolderError, and DamagedFileError for a file over the limit.
 */
export function readBytes(path: string, limit: number): Uint8Array<ArrayBuffer> {
  const { file, size } = openForReading(path);
  try {
    if (size > limit) {
      throw new DamagedFileError(
        path,
        `is of ${Math.ceil(size / MB)} MB, expected at most ${limit / MB}`,
      );
    }
    return readUpTo(file, { path, length: size });
  } finally {
    file.close();
  }
}

/** The text of a file. @throws as `readBytes`. */
export function readText(path: string, limit: number): string {
  const bytes = readBytes(path, limit);
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new DamagedFileError(path, (error as Error).message, { cause: error });
  }
}

/** The next bytes of a file, fewer if it ends before. @throws DamagedFileError as `readSome`. */
export function readUpTo(
  file: Deno.FsFile,
  { path, length }: { path: string; length: number },
): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let held = 0;
  while (held < length) {
    const count = readSome(file, { path, buffer: bytes.subarray(held) });
    if (count === 0) break;
    held += count;
  }
  return bytes.subarray(0, held);
}

/** Reads what comes next. @returns the number of bytes, 0 at the end. @throws Error that names the path. */
export function readSome(
  file: Deno.FsFile,
  { path, buffer }: { path: string; buffer: Uint8Array },
): number {
  try {
    return file.readSync(buffer) ?? 0;
  } catch (error) {
    // An error on an open file does not know its path.
    throw new DamagedFileError(path, `cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Opens a file that is there; the caller closes it. @returns undefined if there is none. @throws RunFolderError */
export function openExisting(path: string, options: Deno.OpenOptions): OpenedFile | undefined {
  const seen = plainFile(path);
  if (seen === null) return undefined;
  const file = Deno.openSync(path, options);
  const opened = file.statSync();
  if (opened.isFile && opened.dev === seen.dev && opened.ino === seen.ino) {
    return { file, size: opened.size };
  }
  file.close();
  throw new RunFolderError(path, "not_plain", `${path} was replaced while it was opened`);
}

function missing(path: string): never {
  throw new Deno.errors.NotFound(`No such file or directory: ${path}`);
}
