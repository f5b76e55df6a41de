/** The reader of Parquet, by hyparquet, which is loaded where it is used. */
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from "node:zlib";
import { quote } from "../config/plain_text.ts";
import { errorLine } from "../config/error_line.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { type DataPath, mostDataBytes, readDataFile, sourceOf } from "./data_file.ts";
import { createTable, type Table } from "./table.ts";

const atMost = (length: number) => ({ maxOutputLength: Math.max(length, 1) });

/** hyparquet itself unpacks Snappy, the usual one. */
const compressors = {
  GZIP: (input: Uint8Array, length: number) => gunzipSync(input, atMost(length)),
  BROTLI: (input: Uint8Array, length: number) => brotliDecompressSync(input, atMost(length)),
  ZSTD: (input: Uint8Array, length: number) => zstdDecompressSync(input, atMost(length)),
};

/**
 * Reads a table from Parquet: columns of numbers, truth values, texts, dates or lists, packed by Snappy, gzip,
 * Brotli or Zstandard. At most 2 GB; the table takes 8 to 30 bytes a cell. A hostile file can take time without
 * end: the package believes the lengths in it.
 *
 * @param options.columns which are read; default: all.
 * @throws DamagedFileError, one line that names the file: no Parquet, torn, packed by something else, a column that
 * is not there.
 * @example
 * const table = await readParquet("trips.parquet", { columns: ["distance", "fare"] });
 * const fare = table.numbers("fare");
 */
export async function readParquet(
  path: DataPath,
  { columns: chosen }: { readonly columns?: readonly string[] } = {},
): Promise<Table> {
  const source = sourceOf(path);
  const { buffer } = readDataFile(path);
  const { parquetMetadata, parquetRead, parquetSchema } = await import("../deps/hyparquet.ts");
  try {
    const metadata = parquetMetadata(buffer);
    const names = parquetSchema(metadata).children.map(({ element }) => element.name);
    const missing = chosen?.find((name) => !names.includes(name));
    if (missing !== undefined) {
      const list = names.map((name) => quote(name)).join(", ");
      throw new DamagedFileError(source, `has no column ${quote(missing)}; it has ${list}`);
    }
    const rows = Number(metadata.num_rows);
    const wanted = chosen ?? names;
    if (rows * wanted.length * 8 > mostDataBytes) {
      throw new DamagedFileError(source, `has ${rows} rows, more than memory is taken for`);
    }
    const columns = new Map(wanted.map((name) => [name, new Array<unknown>(rows)]));
    await parquetRead({
      file: buffer,
      metadata,
      compressors,
      columns: [...wanted],
      onChunk({ columnName, columnData, rowStart }) {
        const column = columns.get(columnName)!;
        for (let index = 0; index < columnData.length; index++) {
          column[rowStart + index] = columnData[index];
        }
      },
    });
    return createTable({
      source,
      names: [...columns.keys()],
      columns: [...columns.values()],
      placeOf: (row) => `row ${row + 1}`,
      missing: [],
    });
  } catch (error) {
    if (error instanceof DamagedFileError) throw error;
    throw new DamagedFileError(source, `cannot be read as Parquet: ${errorLine(error)}`, {
      cause: error,
    });
  }
}
