import assert from "node:assert/strict";
import { join } from "node:path";
import { encodeCheckpoint } from "./files/checkpoint_format.ts";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";
import { dropLevelsAfter } from "./level_files.ts";
import { replicasOf } from "../config/replicas.ts";
import { resolveConfig } from "../config/resolve_config.ts";

Deno.test(
  "levels: a run that goes on drops later ones, and keeps the rest",
  inTemporaryFolder((folder) => {
    const levels = join(folder, "levels");
    const replicas = replicasOf(resolveConfig([]).config);
    const { seed } = replicas[0]!;
    dropLevelsAfter(folder, 0, replicas);
    Deno.mkdirSync(levels);
    const nameOf = (level: number) => `level-000${level}-seed-${seed}.safetensors`;
    for (const [level, iteration] of [[1, 10], [2, 20], [3, 30]] as const) {
      const content = { iteration, tensors: new Map(), metadata: {} };
      Deno.writeFileSync(join(levels, nameOf(level)), encodeCheckpoint(content));
    }
    Deno.writeTextFileSync(join(levels, "notes.txt"), "");
    dropLevelsAfter(folder, 20, replicas);
    const names = [...Deno.readDirSync(levels)].map(({ name }) => name).sort();
    assert.deepEqual(names, [nameOf(1), nameOf(2), "notes.txt"]);
  }),
);
