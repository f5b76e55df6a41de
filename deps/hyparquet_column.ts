/** Reads one column of Parquet at once, without promises: parts of hyparquet that its main module does not export. */
export { readColumn } from "npm:hyparquet@1.31.5/src/column.js";
export { DEFAULT_PARSERS } from "npm:hyparquet@1.31.5/src/convert.js";
export { getTreePath } from "npm:hyparquet@1.31.5/src/schema.js";
export { parquetMetadata, parquetSchema } from "npm:hyparquet@1.31.5";
