/** `sweep`: trains networks at many points of their settings, and says which point is best. */
import { object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { argument, option } from "@optique/core/primitives";
import { integer, string } from "@optique/core/valueparser";
import { configExtensions } from "../../config/parse_config_file.ts";
import { UsageError } from "../../config/usage_error.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { BaseSettings } from "../../studies/sweep/perform_sweep.ts";
import type { Command, CommandTitle } from "../command.ts";
import { file, folder } from "../completion/values.ts";
import { engineOptions } from "../engine_options.ts";
import { footerOf } from "../help.ts";
import { jobOptions } from "../job_options.ts";
import { parseOptions } from "../parse_options.ts";
import { readTrainRequest } from "../train/read_settings.ts";
import type { TrainArguments } from "../train/options.ts";
import { withTaskOf } from "../train/published_dataset.ts";
import { train } from "./train.ts";

const options = object({
  file: optional(argument(file(configExtensions), {
    description:
      message`What is searched, a YAML, JSON or TOML file in the syntax of W&B's sweeps; the same file again goes on`,
  })),
  resume: optional(option("--resume", folder(), {
    description: message`Go on with the sweep in DIR`,
  })),
  folder: optional(option("--folder", folder(), {
    description: message`Folder of the sweep [runs/NAME]`,
  })),
  seeds: optional(option("--seeds", string({ metavar: "N,..." }), {
    description: message`Seeds of every point, such as 1-5 [those of the file, or 1]`,
  })),
  trials: optional(option("--trials", integer({ metavar: "N", min: 1 }), {
    description: message`Most points, instead of ${
      text("run_cap")
    } of the file; more than before goes on with more`,
  })),
  networks: optional(option("--networks", integer({ metavar: "N", min: 1 }), {
    description:
      message`Most networks that one run trains side by side [64, or as many as there is memory for]`,
  })),
  searchSeed: optional(option("--search-seed", integer({ metavar: "N", min: 0 }), {
    description: message`Seed of the points that random and bayes choose [1]`,
  })),
  retry: option("--retry", { description: message`Train points again that failed` }),
  ...jobOptions,
  ...engineOptions,
});

const footer = footerOf({
  about:
    "Settings that the file does not name are given after --, as train takes them. Points that leave the program as it is " +
    "are trained side by side in one run, others in runs of their own, each with the bits that it has alone. Several " +
    "processes may work on one folder at a time; killed at any moment, the same command goes on. A point that fails stops " +
    "no other.",
  examples: [
    "sweep rates.yaml --seeds 1-5",
    "sweep rates.yaml --dry-run -- --model rnn --updater bptt",
    "sweep search.yaml --trials 50 --folder runs/search -- --config base.yaml --iterations 5000",
    "sweep --resume runs/search --retry",
    "sweep --resume runs/search --report",
    "sweep rates.yaml --networks 20 --engine slurm --sbatch time=2:00:00",
  ],
  exitCodes: "0 ok, 1 a point failed, 2 usage, 75 preempted, 130 interrupted",
});

export const sweep: Command = async (args, title) => {
  const end = args.indexOf("--");
  const [own, others] = end < 0 ? [args, []] : [args.slice(0, end), args.slice(end + 1)];
  if (title.complete && end >= 0) return await train(others, { ...title, name: "train" });
  const values = parseOptions(options, own, {
    ...title,
    footer,
    options: "--help lists the options; those of train are given after --",
  });
  if (!values) return exitCodes.ok;
  const base = await baseSettings(others, title);
  if (!base) return exitCodes.ok;
  const { performSweep } = await import("../../studies/sweep/perform_sweep.ts");
  return await performSweep({ ...values, base });
};

/** The settings of all points; undefined if the help of `train` was asked for. */
async function baseSettings(
  args: readonly string[],
  title: CommandTitle,
): Promise<BaseSettings | undefined> {
  const request = await readTrainRequest(withTaskOf(args), { ...title, name: "train" });
  if (!request) return undefined;
  const { values, asked, files, notes } = request;
  refuseRunOptions(values);
  for (const note of notes) console.error(note);
  return { asked, preset: values.preset, files };
}

/** @throws UsageError for options that say where or how one run is trained. */
function refuseRunOptions(values: TrainArguments): void {
  const given = {
    "--out": values.out,
    "--resume": values.resume,
    "--fork": values.fork,
    "--checkpoint": values.checkpoint,
    "--init-from": values.initFrom,
    "--pause-after": values.pauseAfter,
    "--mode": values.mode,
    "--allow-changed-code": values.allowChangedCode || undefined,
    "--download": values.download || undefined,
    "--dry-run": values.dryRun || undefined,
  };
  const first = Object.entries(given).find(([, value]) => value !== undefined);
  if (first) throw new UsageError(`sweep: ${first[0]} is for a single run, not after --`);
}
