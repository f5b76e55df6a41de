/** Damaged files: every command that meets one refuses it by name, or its result is right. */
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { howMany } from "./how_much.ts";
import { kinds } from "./mutant_kinds.ts";
import { runTrials } from "./run_trials.ts";

Deno.test(
  "damaged files: one line that names the file, or the right result; nothing is lost",
  inTemporaryFolder((root) =>
    runTrials({
      module: new URL("./mutants.ts", import.meta.url).href,
      names: Object.keys(kinds),
      seed: 7,
      count: howMany(8, 500),
      root,
    })
  ),
);
