/** Commands that write into a run or an experiment, and what must be so in the end whatever befell them. */
import { join } from "node:path";
import { runHebb } from "../../testing/run_hebb.ts";
import { outcome } from "../../testing/tiny_run.ts";
import { readCheckpoint } from "../../../store/files/checkpoint.ts";
import { filesBelow } from "./folders.ts";
import { runWithFault } from "./run_with_fault.ts";

export interface Scenario {
  readonly name: string;
  /** Faults that are tried where not all are. */
  readonly sampled: number;
  /** Makes what the command needs in an empty folder. */
  readonly prepare: (folder: string) => Promise<void>;
  /** The command line. */
  readonly args: readonly string[];
  /** What a user types after the fault. */
  readonly again: (folder: string) => readonly string[];
  /** Everything that does not depend on the clock. */
  readonly outcome: (folder: string) => unknown;
}

const device = "--device=reference";

/** Passes a level at each update, and ends at the last level. */
const train = [
  ...["train", device, "--out=run", "--progress=none"],
  ...["--task=continual_scene", "--vec-len=3", "--scene-time=1", "--interval=2"],
  ...["--max-interval=3", "--acc-threshold=0", "--acc-num=1", "--batch-size=2"],
  ...["--model=hybrid", "--hidden-dims=3,2", "--updater=bptt", "--iterations=9"],
  ...["--evaluation-sequences=2", "--test-sequences=2", "--log-every=2", "--checkpoint-every=1"],
];
const resume = ["train", "--resume=run", "--progress=none"];
const experiment = ["experiments", "hybrid", "--only=memo-m-50", "--out=all", "--iterations=5"];

async function succeed(args: readonly string[], folder: string): Promise<void> {
  const { code, stderr } = await runHebb(args, { folder });
  if (code !== 0) throw new Error(`${args.join(" ")}: ${stderr}`);
}

const trained = (folder: string) => succeed(train, folder);

/** A run that was killed between its second level and its second checkpoint. */
async function killed(folder: string): Promise<void> {
  const { calls } = await runWithFault(train, { folder });
  Deno.removeSync(join(folder, "run"), { recursive: true });
  const passed = calls.findIndex(({ kind, path }) => kind === "rename" && /level-0+3-/.test(path));
  await runWithFault(train, { folder, at: passed + 2, fault: "kill" });
}

const hasConfig = (folder: string) =>
  filesBelow(folder).some((path) => path === join("run", "config.json"));

/** The numbers of a training, its levels, and which files it has. */
function trainingOutcome(folder: string) {
  const paths = filesBelow(folder).filter((path) => !path.includes("events.out"));
  const levels = paths.filter((path) => path.includes("level-"))
    .map((path) => readCheckpoint(join(folder, path)).tensors);
  return { ...outcome(join(folder, "run")) as object, levels, paths };
}

/** The bytes of all files. */
const bytesOutcome = (folder: string) =>
  filesBelow(folder).map((path) => [path, Deno.readTextFileSync(join(folder, path))]);

function experimentOutcome(folder: string) {
  const job = outcome(join(folder, "all", "memo-m-50-seed-1"));
  const names = [...Deno.readDirSync(join(folder, "all"))].map(({ name }) => name).sort();
  return { job, names };
}

const repeated = (name: string, args: readonly string[]): Scenario => ({
  name,
  sampled: 2,
  prepare: trained,
  args,
  again: () => args,
  outcome: bytesOutcome,
});

const images = ["--level=3", "--scenes=2", "--images=svg"];

export const scenarios: readonly Scenario[] = [
  {
    name: "train",
    sampled: 8,
    prepare: () => Promise.resolve(),
    args: train,
    again: (folder) => hasConfig(folder) ? resume : train,
    outcome: trainingOutcome,
  },
  {
    name: "train --resume",
    sampled: 4,
    prepare: killed,
    args: resume,
    again: () => resume,
    outcome: trainingOutcome,
  },
  repeated("evaluate", ["evaluate", "run", device]),
  repeated("visualize", ["visualize", "run", device, ...images]),
  repeated("report", ["report", "run"]),
  repeated("runs export", ["runs", "export", "run"]),
  {
    name: "experiments",
    sampled: 2,
    prepare: () => Promise.resolve(),
    args: experiment,
    again: () => experiment,
    outcome: experimentOutcome,
  },
  {
    name: "experiments --engine commands",
    sampled: 2,
    prepare: () => Promise.resolve(),
    args: [...experiment, "--engine=commands"],
    again: () => [...experiment, "--engine=commands"],
    outcome: (folder) =>
      Deno.readTextFileSync(join(folder, "all", "commands.txt")).replaceAll(folder, ""),
  },
];
