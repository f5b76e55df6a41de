/** The command line: finds the subcommand and gives it the other arguments. */
import { exitCodes } from "../core/training/exit_codes.ts";
import type { Command } from "./command.ts";
import { chooseGraphics } from "./graphics.ts";

/** Each is imported when it is needed. */
const commands: Readonly<Record<string, () => Promise<Command>>> = {
  train: async () => (await import("./commands/train.ts")).train,
  report: async () => (await import("./commands/report.ts")).report,
  evaluate: async () => (await import("./commands/evaluate.ts")).evaluate,
  examine: async () => (await import("./commands/examine.ts")).examine,
  experiments: async () => (await import("./commands/experiments.ts")).experiments,
  visualize: async () => (await import("./commands/visualize.ts")).visualize,
  check: async () => (await import("./commands/check.ts")).check,
  doctor: async () => (await import("./commands/doctor.ts")).doctor,
};

/** Runs one command line and returns its exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const [name, ...rest] = args;
  if (name === "--version") {
    const { default: { version } } = await import("../deno.json", { with: { type: "json" } });
    console.log(`hebb ${version}`);
    return exitCodes.ok;
  }
  if (name === undefined || name === "help" || name === "--help" || name === "-h") {
    const [topic] = rest;
    if (topic !== undefined && !topic.startsWith("-")) {
      const known = findCommand(topic);
      return known ? (await known()).run(["--help"]) : await refuse(topic);
    }
    const help = await helpText();
    if (name === undefined) console.error(help);
    else console.log(help);
    return name === undefined ? exitCodes.usage : exitCodes.ok;
  }
  const command = findCommand(name);
  if (!command) return await refuse(name);
  chooseGraphics();
  return (await command()).run(rest);
}

const findCommand = (name: string) => Object.hasOwn(commands, name) ? commands[name] : undefined;

async function refuse(name: string): Promise<number> {
  const { didYouMean } = await import("../config/did_you_mean.ts");
  const known = Object.keys(commands);
  console.error(
    `error: no command is named ${JSON.stringify(name)}${didYouMean(name, known)}; ` +
      `commands are ${known.join(", ")}`,
  );
  return exitCodes.usage;
}

async function helpText(): Promise<string> {
  const all = await Promise.all(Object.values(commands).map((load) => load()));
  const width = Math.max(...all.map(({ name }) => name.length));
  const lines = all.map(({ name, summary }) => `  ${name.padEnd(width)}  ${summary}`);
  return `Usage: hebb COMMAND [OPTIONS]\n\n${lines.join("\n")}\n\n` +
    "COMMAND --help lists the options of a command.";
}

if (import.meta.main) Deno.exit(await main(Deno.args));
