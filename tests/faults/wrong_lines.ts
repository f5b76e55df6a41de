/** Makes command lines with one mistake each, from the options that the commands have. */
import type { RandomStream } from "../../core/random.ts";
import { settingFlags } from "../../cli/train/flags.ts";
import { type EntrySection, entrySections, tablesOnly } from "../../config/catalogue.ts";

export interface WrongLine {
  readonly words: readonly string[];
  readonly mistake: string;
}

export interface Option {
  readonly name: string;
  /** Names beside it. */
  readonly others: readonly string[];
  /** Words that a line needs for the option to have a meaning. */
  readonly with: readonly string[];
  /** What help shows as its value; undefined: it takes none. */
  readonly value: string | undefined;
  readonly isRepeatable: boolean;
}

export type OptionTables = Readonly<Record<string, readonly Option[]>>;

/** Command lines without a mistake; `@` is the folder of a run. None of them trains. */
const rightLines: Readonly<Record<string, readonly string[]>> = {
  train: ["train", "--dry-run", "--device=reference", "--progress=none"],
  report: ["report", "@"],
  evaluate: ["evaluate", "@", "--device=reference"],
  visualize: ["visualize", "@", "--device=reference"],
  examine: ["examine", "@", "--device=reference"],
  experiments: ["experiments", "hybrid", "--dry-run", "--progress=none"],
  compare: ["compare", "--models=rnn", "--dry-run", "--progress=none"],
  check: ["check", "gradients", "rnn"],
};

/** The options of a command, from its help; those of the settings of `train`, from their table. */
export function optionsOf(command: string, help: string): Option[] {
  const shown = [...help.matchAll(/^ +(--[a-z][\w-]*)(?: ([A-Z]\S*))?(?: |$)/gm)];
  const options = shown.map(([, name = "", value]): Option => ({
    name,
    others: [],
    with: [],
    value,
    isRepeatable: ["--config", "--set", "--vary", "--images"].includes(name),
  }));
  if (command !== "train") return options;
  const settings = settingFlags().map(({ section, key, names, placeholder, ...flag }): Option => {
    const owner = (entrySections as readonly string[]).includes(section)
      ? Object.entries(tablesOnly.choices(section as EntrySection)).find(([, { config }]) =>
        Object.hasOwn((config as unknown as { shape: object }).shape, key)
      )
      : undefined;
    return {
      name: names[0],
      others: names.slice(1),
      with: owner ? [`--${section}=${owner[0]}`] : [],
      value: placeholder,
      isRepeatable: flag.isRepeatable,
    };
  });
  const flags = new Set(settings.map(({ name }) => name));
  return [...options.filter(({ name }) => !flags.has(name)), ...settings];
}

const megabyte = 2 ** 20;

/** No number, and no list, name or choice of anything either. */
const wrongValues: readonly string[] = [
  ...["x", "NaN", "-Infinity", "1e400", "0b11", "1_000", "1,,2", ",", "--", "1 2", "१२", "１"],
  ...[
    "\u001b[31m",
    "\u0000",
    "1\u0007",
    "\u202e1",
    "a\nb",
    "\ud800",
    "$(id)",
    "__proto__",
    "[[1]]",
  ],
  "x".repeat(megabyte),
  "9".repeat(megabyte),
  "1,".repeat(megabyte / 2),
  "\u001b".repeat(megabyte),
];

const outOfRange: readonly string[] = ["-1", "-0.5", "1e300", "9007199254740993", "-1e9"];

type Mistake = (line: Context) => readonly string[] | undefined;

interface Context {
  readonly command: string;
  readonly words: readonly string[];
  readonly options: readonly Option[];
  readonly tables: OptionTables;
  readonly random: RandomStream;
}

/** Choices, counts and lists of counts: a value of them can be told from none. */
const isChecked = ({ name, value }: Option): boolean =>
  value !== undefined && !/^(DIR|FILE|TEXT|PATH=VALUE|MODE)$/.test(value) && name !== "--curve";

const given = ({ name, with: owner }: Option, value: string) => [...owner, `${name}=${value}`];

function misspelt(word: string, random: RandomStream): string {
  const at = 2 + random.below(word.length - 2);
  const letter = word[at]!;
  const changes = ["", letter + letter, "q", letter.toUpperCase() + letter, `${letter}-`];
  return word.slice(0, at) + random.sample(changes) + word.slice(at + 1);
}

const mistakes: Readonly<Record<string, Mistake>> = {
  "a command that is none": ({ words: [command = "", ...words], random }) => [
    random.sample([
      misspelt(`--${command}`, random).slice(2),
      "",
      "\u001b[2J",
      "x".repeat(megabyte),
    ]),
    ...words,
  ],
  "an option that is none"({ words, options, tables, random }) {
    if (options.length === 0) return undefined;
    const { name, value } = random.sample(options);
    const wrong = misspelt(name, random);
    const isOne = Object.values(tables).flat().some((option) =>
      [option.name, ...option.others].includes(wrong)
    );
    return isOne ? undefined : [...words, value === undefined ? wrong : `${wrong}=1`];
  },
  "an option of another command"({ command, words, options, tables, random }) {
    const others = Object.entries(tables).filter(([name]) => name !== command)
      .flatMap(([, table]) => table)
      .filter(({ name }) =>
        !options.some((option) => [option.name, ...option.others].includes(name))
      );
    const { name, value } = random.sample(others);
    return [...words, value === undefined ? name : `${name}=1`];
  },
  "an option without its value"({ words, options, random }) {
    const checked = options.filter((option) => isChecked(option) && option.value !== "true|false");
    if (checked.length === 0) return undefined;
    const { name, with: owner } = random.sample(checked);
    return [...words, ...owner, name];
  },
  "a value that is none"({ words, options, random }) {
    const checked = options.filter(isChecked);
    return checked.length === 0
      ? undefined
      : [...words, ...given(random.sample(checked), random.sample(wrongValues))];
  },
  "a number out of its range"({ words, options, random }) {
    const counts = options.filter(({ value }) => value === "N" || value === "N,...");
    return counts.length === 0
      ? undefined
      : [...words, ...given(random.sample(counts), random.sample(outOfRange))];
  },
  "an option twice"({ words, options, random }) {
    const single = options.filter((option) => isChecked(option) && !option.isRepeatable);
    if (single.length === 0) return undefined;
    const { name, with: owner } = random.sample(single);
    return [...words, ...owner, `${name}=1`, `${name}=2`];
  },
  "a word too many": ({ words, random }) => [
    ...words,
    ...["a", "b", "c"].map((word) => word.repeat(random.sample([1, 40, megabyte]))),
  ],
  "a path of something else": ({ command, random }) =>
    random.sample<readonly string[]>(
      command === "train" ? wrongPaths.train : [
        [command === "check" ? "report" : command, random.sample(wrongPaths.folders)],
      ],
    ),
  "options that contradict": ({ random }) => random.sample(contradictions),
};

const wrongPaths = {
  /** What is no folder of a run; `@` is one. */
  folders: ["", "@/missing", "@/config.json", "@/checkpoints", "/dev/null", "a\u0000b"].concat([
    "d/".repeat(3000),
    "\u001b[2J",
    "x".repeat(megabyte),
  ]),
  train: [
    ["train", "--dry-run", "--config=@"],
    ["train", "--dry-run", "--config=@/config.json/x.json"],
    ["train", "--dry-run", "--config=/dev/zero"],
    ["train", "--dry-run", "--config=@/levels"],
    ["train", "--dry-run", "--config=missing.yaml"],
    ["train", "--dry-run", `--config=${"x".repeat(megabyte)}.json`],
    ["train", "--dry-run", "--config=a\u0000b.json"],
    ["train", "--dry-run", "--model=missing.ts"],
    ["train", "--dry-run", "--model=@/a.ts"],
    ["check", "gradients", "missing.ts"],
    ["train", "--dry-run", "--out=@/config.json"],
    ["train", "--dry-run", "--out=@"],
    ["train", "--dry-run", "--out="],
    ["train", "--dry-run", "--out=a\u0000b"],
    ["train", "--dry-run", `--out=${"x".repeat(megabyte)}`],
    ["train", "--resume=@/config.json"],
    ["train", "--resume=@/missing"],
    ["train", "--resume=/dev/null"],
    ["train", `--resume=${"x".repeat(megabyte)}`],
  ],
} as const;

const contradictions: readonly (readonly string[])[] = [
  ["train", "--resume=@", "--out=@/other"],
  ["train", "--resume=@", "--preset=attractor"],
  ["train", "--resume=@", "--model=rnn"],
  ["train", "--resume=@", "--learning-rate=0.5"],
  ["train", "--dry-run", "--set=updater.learning_rate=1", "--sweep=updater.learning_rate="],
  ["train", "--dry-run", "--sweep=training.seeds=1,2"],
  ["train", "--dry-run", "--sweep=nothing.at_all=1,2"],
  ["train", "--dry-run", "--set=nothing"],
  ["train", "--dry-run", "--set=model.nothing=1"],
  ["train", "--dry-run", "--set=__proto__.x=1"],
  ["train", "--dry-run", "--seed=1,1"],
  ["train", "--dry-run", "--mode=visualize"],
  ["evaluate", "@", "--device=reference", "--sequences=3"],
  ["evaluate", "@", "--device=reference", "--curve-scenes=3"],
  ["evaluate", "@", "--device=reference", "--level=99"],
  ["evaluate", "@", "--device=reference", "--seed=99"],
  ["evaluate", "@", "--device=reference", "--replica=99"],
  ["visualize", "@", "--device=reference", "--level=99"],
  ["visualize", "@", "--device=reference", "--seed=99"],
  ["examine", "@", "--device=reference"],
  ["experiments", "hybrid", "--dry-run", "--only=nobody"],
  ["experiments", "hybrid", "--dry-run", "--seeds=1,1"],
  ["experiments", "nothing", "--dry-run"],
  ["experiments", "--dry-run"],
  ["compare", "--dry-run"],
  ["compare", "nothing", "--dry-run"],
  ["compare", "--models=rnn,rnn", "--dry-run"],
  ["compare", "--models=rnn", "--vary=model.name=ethereal", "--dry-run"],
  ["check", "gradients", "nothing"],
  ["check", "nothing", "rnn"],
];

/** A wrong command line; `@` in it stands for the folder of a run. */
export function wrongLine(tables: OptionTables, random: RandomStream): WrongLine {
  for (;;) {
    const command = random.sample(Object.keys(rightLines));
    const mistake = random.sample(Object.keys(mistakes));
    const options = tables[command]!;
    const words = mistakes[mistake]!({
      command,
      words: rightLines[command]!,
      options,
      tables,
      random,
    });
    if (words) return { words, mistake };
  }
}

export const commandNames: readonly string[] = Object.keys(rightLines);
