/**
 * Compares random search, TPE and ASHA with grids, and prints the table of docs/sweeps.md. It takes some seconds.
 *
 *   deno run --allow-read tools/search_study/search_study.ts
 */
import { searchTable } from "./search_table.ts";

console.log(searchTable().join("\n"));
