/** The command line of `deno task gpu:check`. */
import { parseArgs } from "node:util";
import { UsageError } from "../../config/usage_error.ts";

export const help = `Usage: deno task gpu:check [options] [golden cases...]

Prints, as Markdown: what doctor finds, golden cases fused and split, the workloads beside the model of memory
traffic and the floor, replicas side by side, and PyTorch and JAX where the Python has them.

Everything has its share of the time. What takes longer is ended, and its row says so; rows are printed as they come.

  --allow-software-adapter  also checks an adapter that computes on the CPU
  --quick                   one golden case, two workloads, four replicas; no other engines
  --seconds N               ends after this time (default 450)
  --python PATH             the Python that has PyTorch and JAX (default python3)

Example: deno task gpu:check > gpu.md`;

const options = {
  "allow-software-adapter": { type: "boolean", default: false },
  quick: { type: "boolean", default: false },
  seconds: { type: "string", default: "450" },
  python: { type: "string", default: "python3" },
  help: { type: "boolean", default: false },
} as const;

/** What was asked. @throws UsageError if an option is unknown or out of its range. */
export function readOptions(args: readonly string[]) {
  try {
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const seconds = Number(values.seconds);
    if (!(seconds > 0)) throw new RangeError("expected --seconds above 0");
    return { ...values, seconds, files: positionals };
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

export type Options = ReturnType<typeof readOptions>;
