/// <reference lib="deno.worker" />
/** A thread that reads a column of Parquet, for one that waits for it. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { parquetMetadata, parquetRead, parquetSchema } from "../deps/hyparquet.ts";
import { kinds, type ParquetStart, received, say, turns, words } from "./parquet_channel.ts";

const atMost = (length: number) => ({ maxOutputLength: Math.max(length, 1) });

/** hyparquet itself unpacks Snappy, the usual one. */
const compressors = {
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, atMost(length)),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, atMost(length)),
  ZSTD: (input: Uint8Array, length: number) => zstdDecompressSync(input, atMost(length)),
};

/** The last bytes of a file: the length of what is in front of them, and "PAR1". */
const endBytes = 8;
/** Most bytes that are read at once. */
const mostBytes = 2 ** 30;

self.onmessage = async ({ data }: MessageEvent<ParquetStart>) => {
  const { path, control, payload } = data;
  const state = new Int32Array(control);
  const tell = (kind: number, value: unknown) => {
    say(state, payload, { turn: turns.reader, kind, value });
    Atomics.wait(state, words.turn, turns.reader);
    return received(state, payload);
  };
  try {
    await readColumn(path, {
      choose: (names) => String(tell(kinds.names, names)),
      take: (cells) => void tell(kinds.cells, cells),
    });
  } catch (error) {
    const { message } = error as Error;
    const isOwn = error instanceof SyntaxError;
    tell(kinds.error, isOwn ? message : `cannot be read as Parquet: ${message}`);
  }
  tell(kinds.end, null);
};

/** Hands on the texts of a column, the cells of a group of rows at a time. */
async function readColumn(
  path: string | URL,
  { choose, take }: {
    choose: (names: readonly string[]) => string;
    take: (cells: readonly string[]) => void;
  },
): Promise<void> {
  using file = Deno.openSync(isAddress(path) ? new URL(path) : path);
  const metadata = readMetadata(file);
  const name = choose(parquetSchema(metadata).children.map(({ element }) => element.name));
  const { size } = file.statSync();
  const buffer = {
    byteLength: size,
    slice: (start: number, end = size) => bytesOf(file, start, end - start).buffer,
  };
  let rowStart = 0;
  for (const { num_rows } of metadata.row_groups) {
    const rowEnd = rowStart + Number(num_rows);
    const cells: unknown[] = new Array(rowEnd - rowStart).fill(null);
    await parquetRead({
      file: buffer,
      metadata,
      compressors,
      columns: [name],
      rowStart,
      rowEnd,
      onChunk({ columnData, rowStart: first }) {
        for (let index = 0; index < columnData.length; index++) {
          cells[first - rowStart + index] = columnData[index];
        }
      },
    });
    take(cells.map((cell) => {
      if (typeof cell === "string") return cell;
      if (cell === null || cell === undefined) return "";
      throw new SyntaxError(`column ${JSON.stringify(name)} holds no texts`);
    }));
    rowStart = rowEnd;
  }
}

/** Whether a path is an address of a file. */
const isAddress = (path: string | URL): boolean => String(path).startsWith("file://");

/** The description at the end of a file. */
function readMetadata(file: Deno.FsFile): ReturnType<typeof parquetMetadata> {
  const { size } = file.statSync();
  if (size < endBytes + 4) throw new Error("it is too short");
  const end = bytesOf(file, size - endBytes, endBytes);
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length + endBytes > size) throw new Error("it is torn");
  return parquetMetadata(bytesOf(file, size - endBytes - length, length + endBytes).buffer);
}

function bytesOf(file: Deno.FsFile, start: number, length: number): Uint8Array<ArrayBuffer> {
  if (!(length >= 0 && length <= mostBytes)) throw new Error(`a part of it is of ${length} bytes`);
  const bytes = new Uint8Array(length);
  file.seekSync(start, Deno.SeekMode.Start);
  for (let read = 0; read < length;) {
    const count = file.readSync(bytes.subarray(read));
    if (count === null) throw new Error("it is torn");
    read += count;
  }
  return bytes;
}
