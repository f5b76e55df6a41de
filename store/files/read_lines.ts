/** Reads a text file line by line, in bounded memory: files that grow with a run have no largest size. */
import { decodeText } from "../../config/decode_text.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { openForReading, readSome } from "./open_file.ts";

/** Longest line, in bytes. */
export const longestLine = 16 * 1024 ** 2;

const newline = 10;
const chunkBytes = 1024 ** 2;

export interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
  /** Bytes of the file up to and with the newline of this line. */
  readonly end: number;
  /** Whether a newline ends it; if not, it is the last line, and may be torn. */
  readonly isWhole: boolean;
}

/**
 * The lines of a file as it is when it is opened; what is appended later is left out.
 *
 * @param options.from bytes before the first line to read; numbers of lines count from there.
 * @throws Deno.errors.NotFound, RunFolderError as `openForReading`
 * @throws DamagedFileError for a line that is too long
 */
export function* readLines(
  path: string,
  { from: begin = 0 }: { from?: number } = {},
): Generator<Line> {
  const { file, size } = openForReading(path);
  try {
    file.seekSync(begin, Deno.SeekMode.Start);
    let buffer = new Uint8Array(chunkBytes);
    // Of the buffer, `held` bytes are read; the first of them is byte `start` of the file.
    let held = 0, start = begin, number = 0;
    const lineOf = (from: number, to: number, isWhole: boolean): Line => ({
      text: textOf(buffer.subarray(from, to), { path, number: ++number, isWhole }),
      number,
      end: start + to + (isWhole ? 1 : 0),
      isWhole,
    });
    while (start + held < size) {
      if (held === buffer.length) buffer = grown(buffer, { path, number: number + 1 });
      const free = buffer.subarray(
        held,
        held + Math.min(buffer.length - held, size - start - held),
      );
      const count = readSome(file, { path, buffer: free });
      if (count === 0) break;
      const searched = held;
      held += count;
      let from = 0;
      for (let to = searched; (to = buffer.indexOf(newline, to)) >= 0 && to < held; from = ++to) {
        yield lineOf(from, to, true);
      }
      buffer.copyWithin(0, from, held);
      start += from;
      held -= from;
    }
    if (held > 0) yield lineOf(0, held, false);
  } finally {
    file.close();
  }
}

function textOf(
  bytes: Uint8Array,
  { path, number, isWhole }: { path: string; number: number; isWhole: boolean },
): string {
  // A torn line may end inside a character.
  if (!isWhole) return new TextDecoder().decode(bytes);
  try {
    return decodeText(bytes);
  } catch (error) {
    throw new DamagedFileError(path, `line ${number}: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** A buffer of twice the length with the same content. */
function grown(
  buffer: Uint8Array<ArrayBuffer>,
  { path, number }: { path: string; number: number },
): Uint8Array<ArrayBuffer> {
  if (buffer.length >= longestLine) {
    throw new DamagedFileError(path, `line ${number} is longer than ${longestLine} bytes`);
  }
  const longer = new Uint8Array(2 * buffer.length);
  longer.set(buffer);
  return longer;
}
