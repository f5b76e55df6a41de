/** Which commands of documents a test runs, and how they are made short. */
import assert from "node:assert/strict";

const shortTraining = {
  iterations: "2",
  "evaluation-sequences": "2",
  "test-sequences": "2",
  device: "cpu",
  threads: "1",
  progress: "none",
};

/** Options that make a command short, in place of what a page says, by its first words; the last that fit hold. */
const short: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  train: shortTraining,
  // What it begins from has done two.
  "train --fork": { ...shortTraining, iterations: "3" },
  "train --model attractor": { ...shortTraining, steps: "50", "presentation-steps": "10" },
  evaluate: { device: "cpu", threads: "1" },
  visualize: { device: "cpu", threads: "1" },
  // A training of two iterations passes no level.
  "visualize runs/memo --level": { device: "cpu", threads: "1", level: "newest" },
  examine: { device: "cpu", threads: "1", tries: "15", starts: "4" },
  check: {},
  report: {},
  runs: {},
  explain: {},
};

/** Commands that no test runs, by their first words, and why. */
export const notRun: Readonly<Record<string, string>> = {
  "deno task test": "it is what runs this test",
  "deno task install": "it writes outside of a temporary folder",
  "deno task doctor": "it tells of this machine; it has tests of its own",
  "deno task bench": "it takes minutes",
  "deno task bench:peers": "it takes minutes; it has tests of its own",
  "deno task watch": "it ends by a signal; it has tests of its own",
  "hebb watch": "it ends by a signal; it has tests of its own",
  ssh: "it needs another machine",
  "deno jupyter": "it installs a kernel",
  tensorboard: "a package of Python",
  jupyter: "a package of Python",
  pip: "it installs packages",
  parallel: "what it runs has a test of its own",
  xargs: "what it runs has a test of its own",
  hq: "what it runs has a test of its own",
  "python3 -m venv": "it is for packages",
  ".venv/bin/python -m pip": "it installs packages",
  mkdir: "the folder is there",
  cd: "the test is in the folder",
  cp: "the test has copied it",
};

/** The command line of Hebb that stands for a command of a page, made short; undefined if it is not run. */
export function shortCommand(words: readonly string[]): string[] | undefined {
  const text = words.join(" ").replace(/^npx --yes deno@[\d.]+/, "deno");
  if (Object.keys(notRun).some((start) => `${text} `.startsWith(`${start} `))) return undefined;
  const own = /^(?:hebb|(?:npx --yes )?deno(?:@[\d.]+)? task) /.exec(words.join(" "));
  assert.ok(own, `what is ${text}?`);
  const [name, ...args] = words.slice(own[0].trim().split(" ").length);
  if (name === "experiments" || name === "compare") {
    return [name, ...args, ...args.includes("--list") ? [] : ["--list"]];
  }
  // The points are listed; what follows -- belongs to each of their trainings.
  if (name === "sweep") {
    return args.includes("--dry-run") ? [name, ...args] : [name, "--dry-run", ...args];
  }
  const options = Object.entries(short)
    .findLast(([start]) => `${name} ${args.join(" ")} `.startsWith(`${start} `))?.[1];
  assert.ok(options, `no test runs ${text}; say how to make it short, or why it is not run`);
  return [name!, ...withOptions(args, options)];
}

/** Arguments with some options in place of those that are there. */
function withOptions(
  args: readonly string[],
  options: Readonly<Record<string, string>>,
): string[] {
  if (args.includes("--help") || args.includes("--dry-run")) return [...args];
  const named = (word: string) => word.replace(/^--/, "").replace(/=.*$/s, "").replaceAll("_", "-");
  const kept = args.filter((word, index) => {
    if (word.startsWith("--")) return !(named(word) in options);
    const before = args[index - 1] ?? "";
    return !(before.startsWith("--") && !before.includes("=") && named(before) in options);
  });
  return [...kept, ...Object.entries(options).map(([name, value]) => `--${name}=${value}`)];
}
