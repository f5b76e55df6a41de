/**
 * Trains all points of the lattice of key recall and writes their losses. It takes about half an hour of one core.
 *
 *   deno run -A tools/search_study/train_table.ts
 */
import { lattice, trainLattice } from "./key_recall.ts";
import { tableFile } from "./stored_table.ts";

const out = await Deno.makeTempDir({ prefix: "search-study-" });
const tables = await trainLattice(lattice, { out });
await Deno.remove(out, { recursive: true });
// A line for each point.
const lines = tables.map(({ hiddenSize, points }) =>
  `{"hiddenSize": ${hiddenSize}, "points": [\n${
    points.map((losses) => JSON.stringify(losses)).join(",\n")
  }\n]}`
);
await Deno.writeTextFile(tableFile, `[${lines.join(",\n")}]\n`);
console.log(`written: ${tableFile.pathname}`);
