/** Reads Parquet. */
export { parquetMetadata, parquetRead, parquetSchema } from "npm:hyparquet@1.31.5";
