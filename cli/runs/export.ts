/** `runs export`: networks and metrics of a run in formats of others. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { replicasOf } from "../../config/replicas.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import { exportParts, exportRun } from "../../runner/export/export_run.ts";
import { chooseReplicas } from "../../store/choose_replicas.ts";
import { shortPath } from "../../store/short_path.ts";
import { readRunConfig } from "../../store/stored_run.ts";
import { checkpointChoice, checkpointOption } from "../checkpoint_option.ts";
import { codeOptions, loadCode } from "../code_options.ts";
import type { Command } from "../command.ts";
import { anyOf, footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { rootOption, runFolder } from "./selection.ts";
import { folder, runFolder as runArgument } from "../completion/values.ts";

const options = object({
  out: optional(option("--out", folder(), {
    description: message`Where to write [RUN/export]`,
  })),
  parts: multiple(option("--only", choice(exportParts, { metavar: "PART" }), {
    description: message`Write only ${anyOf(exportParts)}; may be given again [all]`,
  })),
  seed: optional(option("--seed", integer({ metavar: "N", min: 0 }), {
    description: message`Write only networks of this seed`,
  })),
  replica: optional(option("--replica", integer({ metavar: "N", min: 0 }), {
    description: message`Write only the network of this replica, counted from 0`,
  })),
  level: optional(option("--level", string({ metavar: "LIST" }), {
    description: message`Write networks that passed these levels, such as ${
      text("1,5-8")
    } [those of --checkpoint]`,
  })),
  checkpoint: checkpointOption("Write"),
  ...rootOption,
  ...codeOptions,
  name: argument(runArgument("RUN"), {
    description: message`Folder of a run, or its name below --dir; it may still be training`,
  }),
});

const footer = footerOf({
  about:
    "Writes each network as .npz and .safetensors, a program that runs it in plain NumPy, the metrics as CSV and " +
    "Parquet (a row for each network at each logged iteration), and a README that says how to load them in NumPy, " +
    "PyTorch and pandas.",
  examples: [
    "runs export runs/mine",
    "runs export mine --replica 0 --only networks --out mine_numpy",
    "runs export mine --only csv",
  ],
  exitCodes: "0 written, 1 failure, 2 usage or a file that cannot be used",
});

export const exportCommand: Command = async (args, title) => {
  const values = parseOptions(options, args, { ...title, footer });
  if (!values) return exitCodes.ok;
  const { name, root, seed, replica, level, parts, out } = values;
  const folder = runFolder(name, root);
  const config = readRunConfig(folder, await loadCode(values));
  const replicas = replicasOf(config);
  const chosen = chooseReplicas({ replicas, seed, replica });
  const written = await exportRun(folder, {
    config,
    replicas,
    chosen,
    level,
    checkpoint: checkpointChoice(values),
    parts: parts.length > 0 ? parts : undefined,
    out,
  });
  for (const file of written.files) console.log(shortPath(`${written.folder}/${file}`));
  return exitCodes.ok;
};
