/** No command reads or writes through a link in a run folder, opens a pipe, or takes a folder for a file. */
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { howMany } from "./how_much.ts";
import { runTrials } from "./run_trials.ts";
import { cases } from "./special_files.ts";

Deno.test({
  name: "what is no plain file, at every path of a run: every command that meets it is refused",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder((root) =>
    runTrials({
      module: new URL("./special_files.ts", import.meta.url).href,
      names: ["special file"],
      seed: 0,
      count: cases.length,
      root,
    }, { step: howMany(3, 1) })
  ),
});
