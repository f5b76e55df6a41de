/** Options that say where the jobs of a command run. */
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { engineNames } from "../studies/engines/engine_options.ts";
import { file } from "./completion/values.ts";
import { anyOf, withShownDefault } from "./help.ts";

export const engineOptions = {
  engine: withShownDefault(
    option("--engine", choice(engineNames, { metavar: "ENGINE" }), {
      description: message`Where runs are trained: ${
        anyOf(engineNames)
      }: on this machine, by Slurm, or by whoever runs the lines of commands.txt (docs/cluster.md)`,
    }),
    "local",
  ),
  perTask: optional(option("--per-task", integer({ metavar: "N", min: 1 }), {
    description: message`Runs of a task of Slurm, or of a line of commands.txt [as many as ${
      text("--jobs")
    }, which is 1 there]`,
  })),
  sbatch: multiple(option("--sbatch", string({ metavar: "NAME=VALUE" }), {
    description: message`An option of sbatch, such as ${text("time=4:00:00")} or ${
      text("partition=gpu")
    }; may be given again`,
  })),
  sbatchFile: optional(option("--sbatch-file", file([]), {
    description: message`Lines for the script of Slurm: options (${
      text("#SBATCH --account=...")
    }), then commands (${text("module load ...")})`,
  })),
  maxArraySize: optional(option("--max-array-size", integer({ metavar: "N", min: 2 }), {
    description: message`Slurm's MaxArraySize; more tasks become several arrays [as scontrol says]`,
  })),
  shard: optional(option("--shard", string({ metavar: "I/N" }), {
    description: message`Train only the I-th of N parts of the runs, as a task does; no report`,
  })),
} as const;
