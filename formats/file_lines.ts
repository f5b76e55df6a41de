/** Lines of a text file, read part by part: a long file is never in memory as a whole. */
import { gunzipSync } from "node:zlib";

/** Bytes of a part. */
const partBytes = 1 << 20;
/** Most bytes of a packed file when it is unpacked: 2 GB. */
const mostUnpackedBytes = 2 * 1024 ** 3;
const lineFeed = 0x0a;

/** A line without the carriage return that a line break of Windows leaves. */
export const withoutReturn = (line: string): string =>
  line.endsWith("\r") ? line.slice(0, -1) : line;

/**
 * The lines of a file in UTF-8, without their ends (LF or CR LF) and a byte order mark. A file of gzip is unpacked,
 * as a whole.
 *
 * @throws SyntaxError that names the line that is not UTF-8, or says that the file cannot be unpacked; Deno.errors
 *   where the system refuses.
 * @example
 * for (const line of fileLines("stories.txt")) console.log(line.length);
 */
export function* fileLines(path: string | URL): Generator<string> {
  let line = 1;
  for (const block of wholeLines(fileParts(path))) {
    const text = decode(block, line);
    const lines = text.split("\n");
    // A line feed at the end begins no line.
    if (lines.at(-1) === "") lines.pop();
    for (const one of lines) yield withoutReturn(one);
    line += lines.length;
  }
}

/** The parts of a file. */
function* fileParts(path: string | URL): Generator<Uint8Array> {
  using file = Deno.openSync(path);
  for (let isFirst = true;; isFirst = false) {
    const part = new Uint8Array(partBytes);
    const count = file.readSync(part);
    if (count === null) return;
    const bytes = part.subarray(0, count);
    if (isFirst && bytes[0] === 0x1f && bytes[1] === 0x8b) return yield* unpackedParts(path);
    yield bytes;
  }
}

function* unpackedParts(path: string | URL): Generator<Uint8Array> {
  let bytes: Uint8Array;
  try {
    bytes = gunzipSync(Deno.readFileSync(path), { maxOutputLength: mostUnpackedBytes });
  } catch (error) {
    const { message } = error as Error;
    throw new SyntaxError(`cannot be unpacked by gzip: ${message}`, { cause: error });
  }
  for (let start = 0; start < bytes.length; start += partBytes) {
    yield bytes.subarray(start, start + partBytes);
  }
}

/** Blocks of bytes that end where a line ends. */
function* wholeLines(parts: Iterable<Uint8Array>): Generator<Uint8Array> {
  let rest: Uint8Array[] = [];
  for (const part of parts) {
    const end = part.lastIndexOf(lineFeed) + 1;
    if (end > 0) {
      yield joined([...rest, part.subarray(0, end)]);
      rest = [];
    }
    if (end < part.length) rest.push(part.subarray(end));
  }
  if (rest.length > 0) yield joined(rest);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0]!;
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

/** @param firstLine the number of the block's first line: a mark in front of the first of the file is no text. */
function decode(block: Uint8Array, firstLine: number): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: firstLine > 1 });
  try {
    return decoder.decode(block);
  } catch (error) {
    throw new SyntaxError(`line ${firstLine + brokenLine(block)} is not UTF-8 text`, {
      cause: error,
    });
  }
}

/** The number of the first line that is not UTF-8, from 0. */
function brokenLine(block: Uint8Array): number {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  for (let [start, line] = [0, 0];; line++) {
    const end = block.indexOf(lineFeed, start);
    try {
      decoder.decode(block.subarray(start, end < 0 ? block.length : end));
    } catch {
      return line;
    }
    start = end + 1;
  }
}
