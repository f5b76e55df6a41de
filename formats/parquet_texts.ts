/** Texts of a column of Parquet, a group of rows at a time. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import {
  DEFAULT_PARSERS,
  getTreePath,
  parquetMetadata,
  parquetSchema,
  readColumn,
} from "../deps/hyparquet_column.ts";

const atMost = (length: number) => ({ maxOutputLength: Math.max(length, 1) });

/** hyparquet itself unpacks Snappy, the usual one. */
const compressors = {
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, atMost(length)),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, atMost(length)),
  ZSTD: (input: Uint8Array, length: number) => zstdDecompressSync(input, atMost(length)),
};

/** The last bytes of a file: the length of what is in front of them, and "PAR1". */
const endBytes = 8;
/** Most bytes of the description of a file, and of a column of one group of rows. */
const mostBytes = 2 ** 30;

/**
 * The cells of one column of a Parquet file that are texts, one after another; a missing one is "". Only one group of
 * rows is in memory.
 *
 * @param choose says which of the columns, of these names.
 * @throws SyntaxError if it is no Parquet, is torn, or the column holds no texts; what `choose` throws.
 * @example
 * for (const text of parquetTexts("stories.parquet", () => "text")) console.log(text.length);
 */
export function* parquetTexts(
  path: string | URL,
  choose: (names: readonly string[]) => string,
): Generator<string> {
  using file = Deno.openSync(path);
  const metadata = readable(() => readMetadata(file));
  const tree = parquetSchema(metadata);
  const name = choose(tree.children.map(({ element }) => element.name));
  for (const { columns } of metadata.row_groups) {
    for (const page of readable(() => readPages(file, { name, columns, tree }))) {
      for (const cell of page as ArrayLike<unknown> & Iterable<unknown>) {
        if (typeof cell === "string") yield cell;
        else if (cell === null || cell === undefined) yield "";
        else throw new SyntaxError(`column ${JSON.stringify(name)} holds no texts`);
      }
    }
  }
}

type Tree = ReturnType<typeof parquetSchema>;
type Columns = ReturnType<typeof parquetMetadata>["row_groups"][number]["columns"];

/** The description at the end of a file. */
function readMetadata(file: Deno.FsFile): ReturnType<typeof parquetMetadata> {
  const { size } = file.statSync();
  if (size < endBytes + 4) throw new Error("it is too short");
  const end = bytesOf(file, size - endBytes, endBytes);
  const length = new DataView(end.buffer).getUint32(0, true);
  if (length + endBytes > size) throw new Error("it is torn");
  return parquetMetadata(bytesOf(file, size - endBytes - length, length + endBytes).buffer);
}

/** The cells of a column in a group of rows, in lists. */
function readPages(
  file: Deno.FsFile,
  { name, columns, tree }: { name: string; columns: Columns; tree: Tree },
): ReturnType<typeof readColumn>["data"] {
  const metadata = columns.map(({ meta_data }) => meta_data)
    .find((column) => column?.path_in_schema[0] === name);
  if (!metadata) throw new Error(`a group of rows lacks column ${JSON.stringify(name)}`);
  const offsets = [metadata.dictionary_page_offset, metadata.data_page_offset].map(Number);
  // Some writers leave the offset of a dictionary out, others write 0.
  const start = Math.min(...offsets.filter((offset) => offset > 0));
  const { buffer } = bytesOf(file, start, Number(metadata.total_compressed_size));
  const schemaPath = getTreePath(tree, metadata.path_in_schema);
  const rows = Number(metadata.num_values);
  return readColumn(
    { view: new DataView(buffer), offset: 0 },
    { groupStart: 0, selectStart: 0, selectEnd: rows, groupRows: rows },
    {
      ...metadata,
      pathInSchema: metadata.path_in_schema,
      element: schemaPath.at(-1)!.element,
      schemaPath,
      parsers: DEFAULT_PARSERS,
      compressors,
      utf8: true,
    },
  ).data;
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

/** What a reader makes; what is wrong with the file is told in a line. */
function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const { message } = error as Error;
    throw new SyntaxError(`cannot be read as Parquet: ${message}`, { cause: error });
  }
}
