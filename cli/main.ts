/** The command line: finds the subcommand and passes the other arguments to it. */
import { quote } from "../config/plain_text.ts";
import { didYouMean } from "../core/similar_name.ts";
import { UsageError } from "../config/usage_error.ts";
import { exitCodes } from "../core/training/exit_codes.ts";
import { endWithParent } from "../store/progress/end_with_parent.ts";
import type { Command } from "./command.ts";
import { withErrorLine } from "./error_boundary.ts";
import { chooseGraphics } from "./graphics.ts";
import { programName } from "./program_name.ts";
import { survivingOutput } from "./surviving_output.ts";

interface CommandEntry {
  readonly summary: string;
  /** Loads on demand, since listing the commands needs no models or backends. */
  readonly load: () => Promise<Command>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  train: {
    summary: "Train a network; without options: key recall with fast weights",
    load: async () => (await import("./commands/train.ts")).train,
  },
  report: {
    summary: "Render report.html of a run again",
    load: async () => (await import("./commands/report.ts")).report,
  },
  evaluate: {
    summary: "Judge the networks of a run on held-out sequences",
    load: async () => (await import("./commands/evaluate.ts")).evaluate,
  },
  examine: {
    summary: "Test which memories the attractor networks of a run hold, and how far they reach",
    load: async () => (await import("./commands/examine.ts")).examine,
  },
  experiments: {
    summary: "Train all networks of a published experiment and compare them with it",
    load: async () => (await import("./commands/experiments.ts")).experiments,
  },
  compare: {
    summary: "Train models, learning rules and settings with several seeds, and compare them",
    load: async () => (await import("./commands/compare.ts")).compare,
  },
  sweep: {
    summary: "Train a network at many points of its settings: grid, random, Bayesian search",
    load: async () => (await import("./commands/sweep.ts")).sweep,
  },
  runs: {
    summary: "List, show, compare, remove and export stored runs",
    load: async () => (await import("./commands/runs.ts")).runs,
  },
  watch: {
    summary: "Show runs and their curves on a page of this machine while they train",
    load: async () => (await import("./commands/watch.ts")).watch,
  },
  visualize: {
    summary: "Draw the weights, activity and plasticity of a trained network",
    load: async () => (await import("./commands/visualize.ts")).visualize,
  },
  check: {
    summary: "Compare the gradients of a model: bptt, rtrl and central differences",
    load: async () => (await import("./commands/check.ts")).check,
  },
  doctor: {
    summary: "Show which devices work here, and how to mend what does not",
    load: async () => (await import("./commands/doctor.ts")).doctor,
  },
  config: {
    summary: "Print the schema of config files, for editors",
    load: async () => (await import("./commands/config.ts")).config,
  },
  completion: {
    summary: "Print a script with which bash, zsh or fish completes hebb",
    load: async () => (await import("./commands/completion.ts")).completionOf(commands),
  },
};

/**
 * Runs one command line. An error becomes one line on standard error.
 *
 * @returns the exit code.
 *
 * @example
 * Deno.exit(await main(["evaluate", "runs/mine"]));
 */
export const main = (args: readonly string[]): Promise<number> => withErrorLine(() => run(args));

async function run([name, ...rest]: readonly string[]): Promise<number> {
  if (name === "--end-with-parent") {
    endWithParent();
    return await run(rest);
  }
  if (name === undefined) {
    console.error(helpText());
    return exitCodes.usage;
  }
  if (name === "--version") {
    const { default: { version } } = await import("../deno.json", { with: { type: "json" } });
    console.log(`hebb ${version}`);
    return exitCodes.ok;
  }
  if (name === "help" || name === "--help" || name === "-h") {
    const [topic] = rest;
    if (topic !== undefined && !topic.startsWith("-")) return await runCommand(topic, ["--help"]);
    console.log(helpText());
    return exitCodes.ok;
  }
  return await runCommand(name, rest);
}

async function runCommand(name: string, args: readonly string[]): Promise<number> {
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (!entry) {
    const names = Object.keys(commands);
    throw new UsageError(
      `no command is named ${quote(name)}${didYouMean(name, names)}; ` +
        `commands are ${names.join(", ")}`,
    );
  }
  const command = await entry.load();
  chooseGraphics();
  return await command(args, { name, summary: entry.summary });
}

function helpText(): string {
  const entries = Object.entries(commands);
  const width = Math.max(...entries.map(([name]) => name.length));
  const lines = entries.map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: ${programName} COMMAND [OPTIONS]\n\n${lines.join("\n")}\n\n` +
    `${programName} COMMAND --help lists the options of a command and shows examples.`;
}

/** Runs one command line as the whole program, and ends the process with its exit code. */
export async function runProgram(args: readonly string[]): Promise<never> {
  const lostOutput = survivingOutput();
  const code = await withErrorLine(() => Promise.race([run(args), strayRejection()]));
  const problem = lostOutput();
  if (problem !== undefined) console.error(`error: standard output was lost: ${problem}`);
  Deno.exit(code === exitCodes.ok && problem !== undefined ? exitCodes.failure : code);
}

/** Fails with the first work that code of a file began, did not await, and that failed. */
const strayRejection = (): Promise<never> =>
  new Promise((_, reject) =>
    globalThis.addEventListener("unhandledrejection", (event) => {
      event.preventDefault();
      reject(event.reason);
    })
  );

if (import.meta.main) await runProgram(Deno.args);
