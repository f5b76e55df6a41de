/** The command line of `deno task bench:peers`. */
import { parseArgs } from "node:util";
import { errorLine } from "../../config/error_line.ts";
import { type Workload, workloads } from "../workloads.ts";

export const help = `Usage: deno task bench:peers [options]

Times one training iteration of each workload: median, least and most of the repeats. At the end, a table.

  --workload NAME    only this workload (may be given again)
  --device NAME      auto, gpu, cpu or reference (default auto)
  --threads N        threads of the cpu backend, and of the other engines (default: one a core)
  --repeats N        timed iterations (default 15)
  --peers            also time PyTorch, JAX and NumPy, as far as the Python has them
  --python PATH      that Python (default python3); it needs bench/peers/requirements.txt
  --floor            also measure the machine: the least time that each workload can take on the cpu
  --json             one JSON line a workload and engine, nothing else on standard output

Example: deno task bench:peers --peers --python .venv/bin/python --threads 2`;

export interface Options {
  readonly workloads: readonly Workload[];
  readonly device: string;
  readonly threads: number;
  readonly repeats: number;
  readonly peers: boolean;
  readonly python: string;
  readonly floor: boolean;
  readonly json: boolean;
  readonly help: boolean;
}

/** Ends the process with one line. */
export function end(code: number, problem: string): never {
  console.error(`error: ${errorLine(problem)}`);
  Deno.exit(code);
}

function parse() {
  try {
    return parseArgs({
      options: {
        workload: { type: "string", multiple: true },
        device: { type: "string", default: "auto" },
        threads: { type: "string", default: String(navigator.hardwareConcurrency) },
        repeats: { type: "string", default: "15" },
        peers: { type: "boolean", default: false },
        python: { type: "string", default: "python3" },
        floor: { type: "boolean", default: false },
        json: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    }).values;
  } catch (error) {
    return end(2, `${(error as Error).message} (--help lists the options)`);
  }
}

/** The workloads of these names; default: all. */
function chosenWorkloads(names: readonly string[] | undefined): readonly Workload[] {
  const known = workloads.map(({ name }) => name);
  const unknown = (names ?? []).filter((name) => !known.includes(name));
  if (unknown.length > 0) {
    end(2, `unknown workload ${unknown.join(", ")}, expected ${known.join(", ")}`);
  }
  return workloads.filter(({ name }) => names?.includes(name) ?? true);
}

/** Reads the command line. Ends the process if an option is wrong. */
export function readOptions(): Options {
  const { workload, ...values } = parse();
  const [threads, repeats] = [Number(values.threads), Number(values.repeats)];
  const isCount = (number: number) => Number.isInteger(number) && number >= 1;
  if (!isCount(threads) || !isCount(repeats)) {
    end(2, "expected whole numbers of at least 1 for --repeats and --threads");
  }
  return { ...values, threads, repeats, workloads: chosenWorkloads(workload) };
}
