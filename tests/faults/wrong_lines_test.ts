/** Wrong command lines, made of the options that there are. */
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { howMany } from "./how_much.ts";
import { runTrials } from "./run_trials.ts";

Deno.test(
  "wrong command lines: code 2, one line, and nothing is written",
  inTemporaryFolder((root) =>
    runTrials({
      module: new URL("./wrong_line_trials.ts", import.meta.url).href,
      names: ["wrong line"],
      seed: 7,
      count: howMany(80, 500),
      root,
    })
  ),
);
