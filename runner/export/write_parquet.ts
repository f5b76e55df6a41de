/** Writes a tidy table as Parquet, by hyparquet-writer, which is loaded where it is used. */
import { writeStreamedFile } from "../../store/files/streamed_file.ts";
import type { Cell, ColumnType, TidyTable } from "./tidy_metrics.ts";

/** How Parquet holds a column. */
const kinds = {
  text: { type: "BYTE_ARRAY", converted_type: "UTF8" },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
} as const satisfies Readonly<Record<ColumnType, object>>;

/** Writes the table, a row group for each stretch of it, packed by Snappy. Missing cells are null. */
export async function writeParquet(path: string, { columns, chunks }: TidyTable): Promise<void> {
  const { ByteWriter, ParquetWriter } = await import("../../deps/hyparquet_writer.ts");
  writeStreamedFile(path, (append) => {
    const bytes = new ByteWriter();
    const flush = () => {
      append(new Uint8Array(bytes.buffer, 0, bytes.index));
      bytes.index = 0;
    };
    const writer = new ParquetWriter({
      writer: Object.assign(bytes, { flush, finish: flush }),
      createdBy: "hebb",
      schema: [
        { name: "root", num_children: columns.length },
        ...columns.map(({ name, type }) => ({
          name,
          ...kinds[type],
          repetition_type: "OPTIONAL" as const,
        })),
      ],
    });
    for (const chunk of chunks()) {
      writer.write({
        columnData: columns.map(({ name, type }, index) => ({
          name,
          data: type === "integer" ? chunk[index]!.map(bigInteger) : chunk[index]!,
          // The order of NaN is not defined, so it may stand in no least or largest value.
          statistics: type !== "number",
        })),
        rowGroupSize: chunk[0]!.length,
      });
    }
    writer.finish();
  });
}

const bigInteger = (cell: Cell): bigint | null => cell === null ? null : BigInt(cell);
