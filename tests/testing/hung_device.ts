/** Trains in the folder of its first word on a device that never answers. */
import { configAssignments } from "../../config/config_file.ts";
import { prepareRun } from "../../config/build/prepare_run.ts";
import { resolveConfig } from "../../config/resolve_config.ts";
import { commandOutput } from "../../store/run_output.ts";
import { trainInFolder } from "../../store/train_in_folder.ts";

const settings = { model: { hidden_size: 3 }, device: { name: "reference" } };
const { config } = resolveConfig(configAssignments(settings, "test"));
const prepared = await prepareRun(config, { say: () => {} });
const never = new Promise<never>(() => {});
// A device that works keeps the process alive.
setInterval(() => {}, 1000);
const run = () => {
  console.log("running");
  return never;
};
const { exitCode } = await trainInFolder({ ...prepared, engine: { ...prepared.engine, run } }, {
  config,
  out: Deno.args[0]!,
  resume: false,
  progress: "none",
  patience: 0.3,
  output: commandOutput,
  commandLine: [],
  verify: undefined,
  writeReport: () => never,
});
Deno.exit(exitCode);
