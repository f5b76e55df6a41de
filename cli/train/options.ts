/** The command line of `train`: options of the run, and a flag for every setting. */
import { group, merge, object } from "@optique/core/constructs";
import { message, text } from "@optique/core/message";
import { map, multiple, optional } from "@optique/core/modifiers";
import type { Parser } from "@optique/core/parser";
import { option } from "@optique/core/primitives";
import type { Assignment, SectionName } from "../../config/assignment.ts";
import { isEntrySection } from "../../config/catalogue.ts";
import { setAssignment } from "../../config/config_file.ts";
import type { progressModes } from "../../store/progress/progress.ts";
import { suggestSettings } from "./suggest_settings.ts";
import { codeFiles, name, suggesting } from "../completion/values.ts";
import { footerOf } from "../help.ts";
import type { FlagName, SettingFlag } from "./flags.ts";
import { runOptions } from "./run_options.ts";

/** Typed values by flag, as text. */
type FlagTexts = Readonly<Record<string, readonly string[]>>;

export interface TrainArguments {
  readonly out: string | undefined;
  /** "" stands for the newest run. */
  readonly resume: string | undefined;
  /** The folder of the run to begin from. */
  readonly fork: string | undefined;
  /** Which of its checkpoints, as typed. */
  readonly checkpoint: string | undefined;
  /** A file with first weights. */
  readonly initFrom: string | undefined;
  readonly config: readonly string[];
  readonly preset: string | undefined;
  readonly set: readonly string[];
  readonly progress: typeof progressModes[number];
  /** An option of the published program, which trains and draws. */
  readonly mode: string | undefined;
  /** Whether code of one's own may have changed since the run began. */
  readonly allowChangedCode: boolean;
  /** Whether to fetch the data set first. */
  readonly download: boolean;
  /** Iterations after which to save and leave. */
  readonly pauseAfter: number | undefined;
  readonly dryRun: boolean;
  readonly settings: FlagTexts;
}

const titles: Readonly<Record<SectionName, string>> = {
  task: "Task",
  model: "Model",
  updater: "Updater (learning rule)",
  training: "Training",
  device: "Device",
};

/** The parser, with the flags in a group for each section. */
export function trainParser(
  flags: readonly SettingFlag[],
): Parser<"sync", TrainArguments, unknown> {
  const section = (name: SectionName) =>
    group(
      titles[name],
      object(Object.fromEntries(
        flags.filter((flag) => flag.section === name).map((flag) => [
          flagKey(flag),
          flagParser(flag, flags),
        ]),
      )),
    );
  const parser = merge(
    group("Run", object(runOptions(flags))),
    section("task"),
    section("model"),
    section("updater"),
    section("training"),
    section("device"),
  );
  return map(parser, (values) => {
    const {
      out,
      resume,
      fork,
      checkpoint,
      initFrom,
      config,
      preset,
      set,
      progress,
      mode,
      allowChangedCode,
      download,
      pauseAfter,
      dryRun,
      ...settings
    } = values;
    const own = { allowChangedCode, download, pauseAfter, dryRun };
    const run = {
      out,
      resume,
      fork,
      checkpoint,
      initFrom,
      config,
      preset,
      set,
      progress,
      mode,
      ...own,
    };
    return { ...run, settings: settings as FlagTexts };
  });
}

/** The texts typed after a flag: one, or several for a repeatable flag. */
export function flagParser(flag: SettingFlag, flags: readonly SettingFlag[]) {
  const parser = option(flag.names[0], valuesOf(flag, flags), {
    description: message`${text(flag.description)}`,
    hidden: flag.isHidden ? true : "usage",
    // Else each of a hundred flags looks for names like every word; the parser of all does it once.
    errors: { noMatch: message`No such option.` },
  });
  return flag.isRepeatable
    ? multiple(parser)
    : map(optional(parser), (value) => value === undefined ? [] : [value]);
}

/** The path of the setting of a flag. */
export const flagKey = ({ section, key }: SettingFlag) => `${section}.${key}`;

/** Texts that a shell completes to what the setting may be. */
function valuesOf(
  { section, key, choices, isRepeatable, placeholder }: SettingFlag,
  flags: readonly SettingFlag[],
) {
  if (isRepeatable) {
    return suggesting(placeholder, (prefix) => suggestSettings(prefix, flags));
  }
  const files = key === "name" && isEntrySection(section) ? { files: codeFiles } : {};
  return name(() => choices, { metavar: placeholder, ...files });
}

export const trainFooter = footerOf({
  about:
    "Brackets hold the default of a run without options; another model, updater or preset may " +
    "have another, which --dry-run prints. A setting may be written in " +
    "snake_case too (--learning_rate), and some have a published name: --model_type, --n_iters, " +
    "--print_freq, --lr_rate, --VAR, --plasticity (of fast weights), --ephemeral_fraction, " +
    "--weight_clamp, --ephemeral_update_clamp, --unit_norm_weights, --dfa_fprime. Options of another " +
    "model or updater, and published ones that have nothing to do here (--track, " +
    "--plast_learning_rate), are named in a line and ignored. " +
    "--dataset takes the name of a task too, as published.",
  examples: [
    "train",
    "train --model plastic_rnn --seed 1,2,3 --out runs/mine",
    "train --preset attractor --memories 15 --dry-run",
    "train --config docs/key_recall.yaml --set model.hidden_size=64",
    "train --sweep updater.learning_rate=0.003,0.01 --seed 1,2",
    "train --model examples/own/hebbff.ts --task examples/own/familiarity.ts --updater bptt",
    "train --dataset book --model rnn --updater bptt --batch-size 32",
    "train --resume runs/mine",
    "train --fork runs/mine --set updater.learning_rate=0.001 --iterations 5000 --out runs/slower",
  ],
  exitCodes:
    "0 ok, 1 failure, 2 usage or config, 3 diverged (all replicas), 75 preempted (resume it), " +
    "130 interrupted (resume it)",
});

/**
 * Brings flags to one form: other names of a setting become its first name, `--normalize` without a
 * value becomes `--normalize=true`, and `--resume` without a folder becomes `--resume=`.
 */
export function completeArguments(args: readonly string[], flags: readonly SettingFlag[]) {
  const byName = new Map(flags.flatMap((flag) => flag.names.map((name) => [name, flag] as const)));
  const complete: string[] = [];
  for (let index = 0; index < args.length; index++) {
    const [, word = args[index]!, value = ""] = /^(--[^=]+)(=.*)?$/s.exec(args[index]!) ?? [];
    const next = args[index + 1];
    const flag = byName.get(word as FlagName);
    const name = flag?.names[0] ?? word;
    if (flag?.isBoolean && value === "") {
      // Every argument belongs to a flag, so a word that follows can only be the value.
      const hasValue = next !== undefined && !next.startsWith("-");
      complete.push(`${name}=${hasValue ? next : "true"}`);
      if (hasValue) index++;
    } else if (word === "--resume" && value === "" && (next?.startsWith("-") ?? true)) {
      complete.push("--resume=");
    } else {
      complete.push(name + value);
    }
  }
  return complete;
}

/** The typed settings: flags in the order of the help, then `--set`. @throws UsageError */
export function typedAssignments(
  { settings, set }: TrainArguments,
  { args, flags }: { args: readonly string[]; flags: readonly SettingFlag[] },
): Assignment[] {
  const typed = flags.flatMap((flag): Assignment[] => {
    const values = settings[flagKey(flag)] ?? [];
    // Errors name the flag as it was typed.
    const origin = flag.names.find((name) =>
      args.some((word) =>
        word === name || word.startsWith(`${name}=`)
      )
    ) ?? flag.names[0];
    const { section, key } = flag;
    return values.map((value) => ({ section, key, value, isText: true, origin }));
  });
  return [...typed, ...set.map(setAssignment)];
}
