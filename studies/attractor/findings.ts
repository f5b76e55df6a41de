/** The finding of each study: a sentence or two, made from its numbers. */
import { formatCount } from "../../report/format.ts";
import {
  absoluteRetention,
  activity,
  cueShare,
  examined,
  fixedShare,
  hasDiverged,
  type Measure,
  recallShare,
  signedRetention,
  startShares,
  worstRetention,
} from "./measures.ts";
import type { PointResult } from "./results.ts";
import type { StudyName } from "./studies.ts";
import { divergedText, outcomeText, percent, threeDigits } from "./texts.ts";

/** A part of a sentence; undefined: it has no numbers yet, and is left out. */
type Text = string | undefined;
type Finding = (points: readonly PointResult[]) => readonly Text[];

const isText = (text: Text): text is string => text !== undefined;

const nothing = "Nothing has been trained yet.";
const unexamined = "Trained, but not examined yet.";

const startingWith = (points: readonly PointResult[], name: string) =>
  points.filter(({ configuration, networks }) =>
    configuration.name.startsWith(name) && networks.length > 0
  );

const shareOf = (proportion: { share: number | null } | undefined): Text =>
  proportion?.share == null ? undefined : `${percent(proportion.share)}%`;

const meanShareOf = (measure: Measure | undefined): Text => measure && `${percent(measure.mean)}%`;

const numberOf = (measure: Measure | undefined): Text => measure && threeDigits(measure.mean);

/** Such as "3/5", or "1/5 (4 in training)". */
const ratio = (point: PointResult): string => {
  const text = outcomeText(point).replace(" of ", "/");
  return text.includes(", ") ? `${text.replace(", ", " (")})` : text;
};

const memoriesOf = ({ networks }: PointResult): number => networks[0]?.memories ?? 0;

/** The parts that have numbers, such as "a, b and c". */
const enumerate = (parts: readonly Text[]): Text => {
  const texts = parts.filter(isText);
  return texts.length < 2 ? texts[0] : `${texts.slice(0, -1).join(", ")} and ${texts.at(-1)}`;
};

const listOf = (points: readonly PointResult[], text: (point: PointResult) => Text): Text =>
  enumerate(points.map(text));

/** A template whose parts all have numbers; else undefined. */
const fill = (texts: TemplateStringsArray, ...parts: readonly Text[]): Text =>
  parts.every(isText) ? String.raw({ raw: texts }, ...parts) : undefined;

/** The parts that have numbers, with a separator; undefined if there are none. */
const join = (separator: string, parts: readonly Text[]): Text => {
  const texts = parts.filter(isText);
  return texts.length === 0 ? undefined : texts.join(separator);
};

/** What a configuration varies: its name without the first word. */
const keyOf = ({ configuration: { name } }: PointResult): string => name.replace(/^[^-]*-/, "");

/** Absolute and signed retention in brackets; empty without examinations. */
const retentions = (point: PointResult): string => {
  const text = join(", ", [
    fill`absolute retention ${numberOf(absoluteRetention(point))}`,
    fill`signed ${numberOf(signedRetention(point))}`,
  ]);
  return text ? ` (${text})` : "";
};

/** How many seeds converge, and the recall from first states with a fifth of the bits flipped. */
const convergedAndRecall = (point: PointResult): string =>
  join(", ", [ratio(point), shareOf(recallShare(point, { flips: 0.2 }))])!;

export const findings: Readonly<Record<StudyName, Finding>> = {
  "single-memory": (points) => [
    fill`One memory, seeds that converge: ${
      listOf(points, (point) => {
        const updates = Math.max(...point.networks.map(({ runUpdates }) => runUpdates));
        return `${outcomeText(point)} within ${formatCount(updates)} updates in the ${
          keyOf(point)
        } form${retentions(point)}`;
      })
    }.`,
    points.some((point) => absoluteRetention(point))
      ? "Where the two differ, a network holds the inverse of its memory."
      : undefined,
  ],
  "two-memories": (points) => [
    fill`Two memories, seeds that converge: ${
      listOf(points, (point) =>
        `${outcomeText(point)} in the ${keyOf(point)} form${retentions(point)}`)
    }.`,
  ],
  "activation-sweep"(points) {
    const diverged = points.filter(hasDiverged);
    return [
      diverged.length === 0
        ? "None diverges."
        : fill`${listOf(diverged, keyOf)} diverge: ${
          listOf(diverged, (point) => `${divergedText(point)} (${keyOf(point)})`)
        }.`,
      fill`Absolute retention of the others: ${
        listOf(
          points.filter((point) => !hasDiverged(point)),
          (point) => fill`${numberOf(absoluteRetention(point))} (${keyOf(point)})`,
        )
      }.`,
    ];
  },
  "structure-ablation"(points) {
    const text = (name: string) =>
      listOf(
        startingWith(points, name),
        (point) => `${keyOf(point).replaceAll("-", " ")} ${ratio(point)}`,
      );
    return [
      fill`Seeds that converge: ${
        join("; ", [
          fill`with 2 memories as published ${
            listOf(startingWith(points, "two-published"), ratio)
          }`,
          fill`of that ${text("published-")}`,
          fill`with 10 memories, margin and zero diagonal ${text("margin-")}`,
        ])
      }.`,
    ];
  },
  "memory-sweep"(points) {
    const marginPoints = startingWith(points, "memory-margin");
    const seeds = (name: string) =>
      listOf(startingWith(points, name), (point) => `${memoriesOf(point)}: ${ratio(point)}`);
    const updates = marginPoints.flatMap(({ networks }) => networks)
      .flatMap(({ outcome, updates }) => outcome === "converged" ? [updates] : []);
    const limit = updates.length === 0
      ? ""
      : `, after at most ${formatCount(Math.max(...updates))} updates`;
    const recallOf20 = (name: string) => {
      const point20 = startingWith(points, name).find((point) => memoriesOf(point) === 20);
      return point20 && shareOf(recallShare(point20, { flips: 0.1 }));
    };
    return [
      fill`Seeds that converge, by memories: ${
        join("; ", [
          fill`as published ${seeds("memory-published")}`,
          fill`the published loss without the free diagonal and with signed overlap ${
            seeds("memory-strict")
          }`,
          fill`with the margin ${seeds("memory-margin")}${limit}`,
        ])
      }.`,
      fill`Recall of 20 memories from 10% flipped first states: ${
        join(", ", [
          fill`${recallOf20("memory-published")} as published`,
          fill`${recallOf20("memory-margin")} with the margin`,
        ])
      }.`,
    ];
  },
  noise(points) {
    const text = (point: PointResult) =>
      fill`${
        join(", ", [
          fill`${shareOf(cueShare(point, { kind: "noise", level: 0.5 }))} exact after σ 0.5`,
          fill`${shareOf(cueShare(point, { kind: "flips", level: 0.2 }))} after flips of 0.2`,
          fill`${shareOf(recallShare(point, { flips: 0.2 }))} from first states with 20% flipped`,
        ])
      } (${point.configuration.name})`;
    return [
      "Noise of σ 0.5 turns 2.3% of the signs only, and the input stays for 200 steps; real flips tell " +
      "networks apart.",
      fill`${join("; ", points.map(text))}.`,
    ];
  },
  "hebb-comparison"(points) {
    const [point] = startingWith(points, "memory-margin-15");
    if (!point) return [];
    const correlation = (rule: "hebb" | "pseudo_inverse") =>
      numberOf(examined(point, (network) => network[rule]?.correlation ?? undefined));
    const recall = (matrix: "learned" | "hebb" | "pseudo_inverse") =>
      shareOf(recallShare(point, { flips: 0.2, matrix }));
    return [
      fill`With 15 memories the learned weights correlate ${
        enumerate([
          fill`${correlation("hebb")} with the Hebb rule`,
          fill`${correlation("pseudo_inverse")} with the pseudo-inverse`,
        ])
      }.`,
      fill`From first states with 20% flipped they recall ${
        join(", ", [
          recall("learned"),
          fill`the Hebb rule ${recall("hebb")}`,
          fill`the pseudo-inverse ${recall("pseudo_inverse")}`,
        ])
      }.`,
    ];
  },
  capacity(points) {
    const perfect = points.filter((point) => fixedShare(point)?.share === 1);
    const most = Math.max(0, ...perfect.map(memoriesOf));
    const full = points.find((point) => memoriesOf(point) === 64);
    const fixed = (matrix: "learned" | "hebb" | "pseudo_inverse") =>
      full && shareOf(fixedShare(full, matrix));
    return [
      most === 0
        ? undefined
        : `Up to ${most} patterns (${
          (most / 64).toFixed(2)
        } N) are all exact fixed points in every ` +
          `seed, ${(most / 64 / 0.138).toFixed(1)} times 0.138 N.`,
      fill`At N patterns ${
        join(", ", [
          fill`${fixed("learned")} are fixed`,
          fill`with the Hebb rule ${fixed("hebb")}`,
          fill`with the pseudo-inverse without self-excitation ${fixed("pseudo_inverse")}`,
        ])
      }.`,
      fill`Being a fixed point is not yet having a basin: of N patterns ${
        full && shareOf(recallShare(full, { flips: 0.05 }))
      } come back from 5% flipped bits, and ${
        full && meanShareOf(startShares.unsettled(full))
      } of random starts do not settle.`,
    ];
  },
  "noise-aware": (points) => [
    fill`Exact recall from first states with 30% flipped: ${
      listOf(points, (point) =>
        fill`${shareOf(recallShare(point, { flips: 0.3 }))} (${keyOf(point).replaceAll("-", " ")})`)
    }.`,
  ],
  "network-size"(points) {
    const text = [64, 128, 256].map((neurons) => {
      const perfect = points.filter(({ networks }) => networks[0]?.neurons === neurons)
        .filter((point) => fixedShare(point)?.share === 1).map(memoriesOf);
      if (perfect.length === 0) return undefined;
      const most = Math.max(...perfect);
      return `${most} of ${neurons} neurons (${(most / neurons).toFixed(2)} N)`;
    });
    return [fill`The most patterns tried that all seeds hold as fixed points: ${enumerate(text)}.`];
  },
  correlation: (points) => [
    fill`Seeds that converge and recall from 20% flipped, by mean product of two bits: ${
      listOf(points, (point) => `${point.value}: ${convergedAndRecall(point)}`)
    }.`,
  ],
  sparsity: (points) => [
    fill`Seeds that converge and recall from 20% flipped, by share of the connections: ${
      listOf(points, (point) => `${point.value ?? 1}: ${convergedAndRecall(point)}`)
    }.`,
  ],
  "firing-rate": (points) => [
    fill`Mean h² and the retention of the worst memory, by weight of the price: ${
      listOf(points, (point) =>
        fill`${keyOf(point)}: ${
          join(", ", [numberOf(activity(point)), numberOf(worstRetention(point))])
        }`)
    }.`,
  ],
};

/** The finding of a study, or that there is none yet. */
export const findingOf = (study: StudyName, points: readonly PointResult[]): string => {
  const trained = points.filter(({ networks }) => networks.length > 0);
  if (trained.length === 0) return nothing;
  return join(" ", findings[study](trained)) ?? unexamined;
};
