/** The pages of help of `train`: a short first one, one about a model with its task and rule, and all options. */
import { group, merge, object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { string } from "@optique/core/valueparser";
import type { Catalogue } from "../../config/catalogue.ts";
import { entrySections } from "../../config/catalogue.ts";
import { whyIgnored } from "../../config/ignored_settings.ts";
import { defaultPreset, presets } from "../../config/presets.ts";
import { idleSettings } from "../../updaters/optimizers/config.ts";
import type { CommandTitle } from "../command.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";
import { programName } from "../program_name.ts";
import { valuesOf } from "./entry_files.ts";
import { type EntryChoice, type SettingFlag, settingFlags } from "./flags.ts";
import { flagKey, flagParser, trainFooter, trainParser } from "./options.ts";
import { runOptions } from "./run_options.ts";

/** What asks for the help that lists every option. */
export const allOption = "--help-all";

/** Whether a command line asks for help. */
export const asksForHelp = (args: readonly string[]): boolean =>
  args.some((word) => word === "--help" || word === "-h" || word === allOption);

export interface HelpRequest {
  readonly args: readonly string[];
  readonly catalogue: Catalogue;
  /** The entries that the command line names. */
  readonly choice: EntryChoice | undefined;
  readonly title: CommandTitle;
}

/** Prints the page that a command line asks for. */
export function printHelp({ args, catalogue, choice, title }: HelpRequest): void {
  const flags = settingFlags(catalogue, choice);
  if (args.includes(allOption)) {
    parseOptions(trainParser(flags), ["--help"], { ...title, footer: trainFooter });
  } else if (choice) {
    console.log(entryPage(flags, { args, catalogue, choice, title }).join("\n"));
  } else {
    printFirstPage(flags, title);
  }
}

/** Characters in a line. */
const width = 100;

const firstSettings = [
  "task.name",
  "model.name",
  "updater.name",
  "updater.learning_rate",
  "training.seeds",
  "training.iterations",
  "training.batch_size",
  "training.sweep",
  "device.name",
];

/** The options that most runs need, and how to see the others. */
function printFirstPage(flags: readonly SettingFlag[], title: CommandTitle): void {
  const { out, resume, config, set, dryRun } = runOptions(flags);
  const preset = optional(option("--preset", string({ metavar: "NAME" }), {
    description: message`Settings to start from [${text(defaultPreset)}]: ${
      text(Object.keys(presets).join(", "))
    }`,
  }));
  const shown = flags.filter((flag) => firstSettings.includes(flagKey(flag))).map(brief);
  const parser = merge(
    group("Run", object({ out, resume, config, preset, set, dryRun })),
    group(
      "Settings",
      object(Object.fromEntries(shown.map((flag) => [flagKey(flag), flagParser(flag, flags)]))),
    ),
  );
  parseOptions(parser, ["--help"], { ...title, footer: firstFooter });
}

/** The beginning of a long description, and families of tasks by their names alone. */
function brief(flag: SettingFlag): SettingFlag {
  const [beginning] = flag.about.split("; ");
  const about = flagKey(flag) === "task.name" && flag.choices.length > 1
    ? `The task: ${flag.choices.join(", ")}`
    : flag.about.length > width
    ? beginning
    : flag.about;
  return { ...flag, description: `${about}${inBrackets(flag)}` };
}

/** The default of a setting, if it has one. */
const inBrackets = ({ fallback }: SettingFlag): string =>
  fallback === undefined ? "" : ` [${fallback}]`;

const firstFooter = footerOf({
  about:
    `More: \`--model hybrid --help\` shows the settings of that model, its task and its learning rule; so do --task, ` +
    `--updater and --preset. ${allOption} lists all options, and what presets are for.`,
  examples: [
    "train",
    "train --model plastic_rnn --seed 1,2,3 --out runs/mine",
    "train --config docs/key_recall.yaml --set model.hidden_size=64",
    "train --sweep updater.learning_rate=0.003,0.01 --seed 1,2",
    "train --resume runs/mine",
  ],
  exitCodes: "0 ok, 1 failure, 2 usage, 3 diverged, 75 preempted, 130 interrupted",
});

/** The settings of a model, its task and its updater, each in a line. */
function entryPage(
  flags: readonly SettingFlag[],
  { args, catalogue, choice, title }: HelpRequest & { choice: EntryChoice },
): string[] {
  const { names, preset } = choice;
  const acting = actingFlags(flags, { args, catalogue, choice });
  const sections = (["model", "task", "updater"] as const).flatMap((section) => {
    const { summary } = catalogue.find(section, names[section]);
    return [
      clipped(
        `${section[0]!.toUpperCase()}${section.slice(1)} ${names[section]}: ${summary}`,
        width,
      ),
      ...acting.filter((flag) => flag.section === section).map(settingLine),
    ];
  });
  const chosen = entrySections.map((section) => `--${section} ${names[section]}`).join(" ");
  const [presetName] = Object.entries(presets).find(([, other]) => other === preset) ?? [];
  const from = presetName === undefined ? "" : ` with preset ${presetName}`;
  return [
    `Usage: ${programName} ${title.name} ${chosen} [OPTIONS]`,
    ...sections,
    `Brackets: defaults${from}. \`${title.name} --help\` shows options of the run;`,
    `with ${allOption} in place of --help nothing is cut short, and training and devices are there too.`,
  ];
}

/** The flags that do something in a run of these entries, with the optimizer and schedule that it has. */
function actingFlags(
  flags: readonly SettingFlag[],
  { args, catalogue, choice: { names } }: Pick<HelpRequest, "args" | "catalogue"> & {
    choice: EntryChoice;
  },
): SettingFlag[] {
  const valueOf = (key: string) => {
    const flag = flags.find((other) => other.section === "updater" && other.key === key);
    return flag && (valuesOf(args, flag.names).at(-1) ?? flag.fallback);
  };
  const idle = idleSettings({ optimizer: valueOf("optimizer"), schedule: valueOf("schedule") });
  return flags.filter(({ section, key, choices, isHidden }) =>
    key !== "name" && !isHidden && choices.length !== 1 &&
    whyIgnored(key, names, catalogue) === undefined &&
    !(section === "updater" && idle.includes(key))
  );
}

function settingLine(flag: SettingFlag): string {
  const { names: [name], placeholder, about } = flag;
  const left = `  ${name} ${placeholder}`.padEnd(28) + "  ";
  const right = inBrackets(flag);
  return left + clipped(about, Math.max(24, width - left.length - right.length)) + right;
}

/** A text of at most so many characters, cut between words. */
function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const words = text.slice(0, most - 1);
  return `${words.slice(0, Math.max(words.lastIndexOf(" "), 1)).replace(/[ ,;:(]+$/, "")} …`;
}
