/**
 * Program for kill tests: writes checkpoints of growing step without end, a line on stdout for each.
 * Arguments: run folder, first step, and optionally a stage of the second write to exit at.
 */
import { join } from "node:path";
import { removeStaleFiles } from "../temporary_file.ts";
import { writeCheckpoint } from "../checkpoint.ts";
import { checkpointContent } from "./checkpoint_content.ts";

const [folder = ".", first = "1", exitStage] = Deno.args;
removeStaleFiles(join(folder, "checkpoints"));
for (let step = Number(first);; step++) {
  writeCheckpoint(folder, checkpointContent(step, { size: 200_000 }), {
    keep: 2,
    afterStage: (stage) => {
      if (step > Number(first) && stage === exitStage) Deno.exit(9);
    },
  });
  console.log(step);
}
