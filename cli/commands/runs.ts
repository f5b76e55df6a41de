/** `runs`: lists, shows, compares, removes and exports runs that are stored. */
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";
import { didYouMean } from "../../core/similar_name.ts";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { suggestNames } from "../completion/suggest_names.ts";
import { programName } from "../program_name.ts";

interface Action {
  readonly summary: string;
  /** Loads on demand: a list needs no figures. */
  readonly load: () => Promise<Command>;
}

export const actions: Readonly<Record<string, Action>> = {
  ls: {
    summary: "List runs; filter and sort them by settings and metrics",
    load: async () => (await import("../runs/ls.ts")).listRunsCommand,
  },
  show: {
    summary: "Show one run: settings that differ from the defaults, state, newest metrics",
    load: async () => (await import("../runs/show.ts")).showRun,
  },
  compare: {
    summary: "Compare stored runs: settings, metrics with intervals, curves in one page",
    load: async () => (await import("../runs/compare.ts")).compareRuns,
  },
  rm: {
    summary: "Remove runs, after asking",
    load: async () => (await import("../runs/rm.ts")).removeRuns,
  },
  export: {
    summary: "Write networks and metrics for NumPy, PyTorch, pandas and others",
    load: async () => (await import("../runs/export.ts")).exportCommand,
  },
  reindex: {
    summary: "Make the index of a folder anew from its runs",
    load: async () => (await import("../runs/reindex.ts")).reindex,
  },
};

export const runs: Command = async ([action, ...args], title) => {
  if (title.complete && args.length === 0) {
    title.complete(suggestNames(actions, action ?? ""));
    return exitCodes.ok;
  }
  if (action === undefined) {
    console.error(helpText(title.name));
    return exitCodes.usage;
  }
  if (action === "--help" || action === "-h" || action === "help") {
    console.log(helpText(title.name));
    return exitCodes.ok;
  }
  const entry = Object.hasOwn(actions, action) ? actions[action] : undefined;
  if (!entry) {
    const names = Object.keys(actions);
    throw new UsageError(
      `${title.name}: no action is named ${quote(action)}${didYouMean(action, names)}; ` +
        `actions are ${names.join(", ")}`,
    );
  }
  const run = await entry.load();
  return await run(args, { ...title, name: `${title.name} ${action}`, summary: entry.summary });
};

function helpText(name: string): string {
  const entries = Object.entries(actions);
  const width = Math.max(...entries.map(([action]) => action.length));
  const lines = entries.map(([action, { summary }]) => `  ${action.padEnd(width)}  ${summary}`);
  const examples = ["ls", "show runs/mine", "compare runs/a runs/b"]
    .map((example) => `  ${programName} ${name} ${example}`);
  return `Usage: ${programName} ${name} ACTION [OPTIONS]\n\n${lines.join("\n")}\n\n` +
    `Examples:\n${examples.join("\n")}\n\n` +
    `${programName} ${name} ACTION --help lists the options of an action and shows examples.`;
}
