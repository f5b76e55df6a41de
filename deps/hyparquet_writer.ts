/** Writes Parquet. */
export { ByteWriter, ParquetWriter } from "npm:hyparquet-writer@0.17.0";
