/** The numbers of docs/results/reversal_inside.md as tables: mean [95% t interval] over seeds. */
import { PARTS } from "./evidence.ts";
import type { Course, MaskedSeeds, Recalls } from "./figures.ts";
import { estimate, type Inside, lagNames } from "./measurements.ts";
import { meanOf } from "./interference.ts";
import { GROUPS, type Recall } from "./recall.ts";

const GROUP_NAMES = Object.keys(GROUPS);
const LAYERS = ["first layer", "second layer", "readout"];

const short = (x: number) => x.toFixed(2).replace(/^(-?)0\./, "$1.");

function withInterval(values: readonly number[]): string {
  const { mean, low, high } = estimate(values);
  return `${short(mean)} [${short(low)}, ${short(high)}]`;
}

function table(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const lines = [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
  return `## ${title}\n\n${lines.join("\n")}\n`;
}

const matrix = (title: string, rows: readonly (readonly number[])[]) =>
  table(
    title,
    ["step", ...rows.map((_, i) => String(i))],
    rows.map((row, i) => [
      String(i),
      ...rows.map((_, j) => row[j] === undefined ? "" : short(row[j])),
    ]),
  );

function recallTable(title: string, recalls: Readonly<Record<string, Recalls>>, key: keyof Recall) {
  const rows = Object.entries(recalls).map(([name, seeds]) => [
    name,
    ...GROUP_NAMES.map((group) => withInterval(seeds.map((one) => one[group]![key]))),
  ]);
  return table(title, ["network", ...GROUP_NAMES], rows);
}

function evidenceTables(inside: readonly Inside[]): string[] {
  const head = (rest: readonly string[]) => ["part", ...rest];
  return lagNames.flatMap((name) => {
    const all = inside.map(({ evidence }) => evidence[name]);
    const layers = all[0]!.byLayer.key.map((_, at) => LAYERS[at]!);
    const rows = PARTS.map((part) => [
      part,
      withInterval(all.map(({ byPart }) => byPart[part])),
      ...layers.map((_, at) => withInterval(all.map(({ byLayer }) => byLayer[part][at]!))),
    ]);
    const nats = withInterval(all.map((one) => one.all));
    return [
      table(`Loss of evidence, ${name}: by all ${nats} nats`, head(["all", ...layers]), rows),
    ];
  });
}

function keyTable(inside: readonly Inside[], what: "outside" | "consistent"): string {
  const forms = Object.keys(inside[0]!.keys[lagNames[0]!]);
  const rows = forms.map((form) => [
    form,
    ...lagNames.map((name) => withInterval(inside.map(({ keys }) => keys[name][form]![what]))),
  ]);
  return table(`Differences of what is read of a key: ${what}`, ["write", ...lagNames], rows);
}

function maskTable(masks: MaskedSeeds): string {
  const head = [
    "mask of the second layer, or share",
    "loss of evidence by all, nats",
    ...PARTS.map((part) => `by ${part}s`),
    "outside",
    "consistent",
  ];
  const rows = Object.entries(masks).map(([name, seeds]) => [
    name,
    withInterval(seeds.map(({ evidence }) => evidence.all)),
    ...PARTS.map((part) => withInterval(seeds.map(({ evidence }) => evidence.byPart[part]))),
    withInterval(seeds.map(({ key }) => key.outside)),
    withInterval(seeds.map(({ key }) => key.consistent)),
  ]);
  return table("Masks after 60k sequences: lag 3, half of 2", head, rows);
}

function layerTables(inside: readonly Inside[]): string[] {
  const of = <T extends number | readonly unknown[]>(
    layer: number,
    pick: (one: Inside["layers"][number]) => T,
  ) => inside.map(({ layers }) => pick(layers[layer]!));
  const rank = LAYERS.map((name, layer) => [
    name,
    withInterval(of(layer, (one) => one.directionsOfWrite)),
    withInterval(of(layer, (one) => one.directions)),
    meanOf(of(layer, (one) => one.singular)).slice(0, 10).map((x) => x.toPrecision(2)).join(" "),
  ]);
  const head = ["layer", "directions of a write", "directions of all", "largest singular values"];
  return [
    table("Highly plastic weights after a b c .", head, rank),
    ...LAYERS.flatMap((name, layer) => [
      matrix(`Cosines of keys, ${name}`, meanOf(of(layer, (one) => one.keys))),
      matrix(`Cosines of errors, ${name}`, meanOf(of(layer, (one) => one.errors))),
      matrix(
        `Cosine of what is left of write s at step r (row), ${name}`,
        meanOf(of(layer, (one) => one.cosineLeft)),
      ),
      matrix(
        `Norm left of write s at step r (row), ${name}`,
        meanOf(of(layer, (one) => one.normLeft)),
      ),
    ]),
  ];
}

function courseTable(name: string, { sequences, growth, loss }: Course): string {
  const head = [
    "sequences",
    "loss",
    "logits",
    ...LAYERS.flatMap((layer) => [
      `${layer}: largest`,
      "second",
      "with mean key",
      "with mean error",
      "in feedback",
    ]),
  ];
  const rows = sequences.map((count, at) => [
    String(count),
    withInterval(loss[at]!),
    withInterval(growth[at]!.map(({ logits }) => logits)),
    ...LAYERS.flatMap((_, layer) =>
      (["largest", "second", "withKey", "withError", "inFeedback"] as const).map((key) =>
        short(meanOf(growth[at]!.map(({ layers }) => layers[layer]![key])))
      )
    ),
  ]);
  return table(`Course of ${name}`, head, rows);
}

export function tablesOf({ inside, recalls, masks, shares, observers, courses }: {
  inside: readonly Inside[];
  recalls: Readonly<Record<string, Recalls>>;
  masks: MaskedSeeds;
  shares: MaskedSeeds;
  observers: Readonly<Record<string, Readonly<Record<string, number>>>>;
  courses: Readonly<Record<string, Course>>;
}): string {
  const ideal = Object.entries(observers).map(([name, best]) => [
    name,
    ...GROUP_NAMES.map((group) => short(best[group]!)),
  ]);
  const recallsOf = (networks: MaskedSeeds, what: string) =>
    Object.fromEntries(
      Object.entries(networks).map(([name, seeds]) => [
        `${what} ${name}`,
        seeds.map(({ recall }) => recall),
      ]),
    );
  const all = { ...recalls, ...recallsOf(masks, "mask"), ...recallsOf(shares, "share") };
  const published = { "published rule": recalls["published rule"]! };
  const texts = [
    "# Numbers of reversal_inside.md\n\nMean [95% t interval] over 3 seeds. Written by `tools/reversal/inside.ts`.\n",
    table("Best recall of observers", ["knows", ...GROUP_NAMES], ideal),
    recallTable("Right", all, "right"),
    recallTable("Right among letters", all, "rightLetter"),
    recallTable("Probability of the end symbol", all, "end"),
    recallTable("Cosine of the change of logits with what is needed", published, "cosine"),
    recallTable("The same over letters", published, "cosineLetters"),
    recallTable("Gain of the target over other letters, nats", published, "gain"),
    ...evidenceTables(inside),
    `Lean of predictions to the previous symbol: ${
      withInterval(inside.map(({ tilt }) => tilt))
    } nats.\n`,
    keyTable(inside, "outside"),
    keyTable(inside, "consistent"),
    maskTable({ ...masks, ...shares }),
    ...layerTables(inside),
    ...Object.entries(courses).map(([name, course]) => courseTable(name, course)),
  ];
  return texts.join("\n");
}
