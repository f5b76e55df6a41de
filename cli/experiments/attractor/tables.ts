/** The tables of the studies. */
import { mean } from "../../../core/run/statistics.ts";
import type { Table } from "../../report/html.ts";
import type { NetworkExamination } from "../../examine/examination.ts";
import {
  absoluteReaction,
  absoluteRetention,
  cueShare,
  examined,
  fixedShare,
  type Matrix,
  matrixNames,
  recallShare,
  signedRetention,
  worstRetention,
} from "./measures.ts";
import type { PointResult } from "./results.ts";
import {
  measureText,
  none,
  outcomeText,
  pointTitle,
  shareText,
  threeDigits,
  updatesText,
  whole,
} from "./texts.ts";

/** How the training went and what is kept of each memory. */
export const trainingTable = (points: readonly PointResult[]): Table => ({
  columns: [
    "Networks",
    "Converged",
    "Updates until then",
    "Absolute reaction",
    "Absolute retention",
    "Signed retention",
    "Signed, worst memory",
  ],
  rows: points.map((point) => [
    pointTitle(point),
    outcomeText(point),
    updatesText(point),
    measureText(absoluteReaction(point)),
    measureText(absoluteRetention(point)),
    measureText(signedRetention(point)),
    measureText(worstRetention(point)),
  ]),
});

/** What the trained networks do with damaged first states, and what else they hold. */
export const recallTable = (points: readonly PointResult[]): Table => ({
  columns: [
    "Networks",
    "Exact fixed points",
    "Recall, 10% flipped",
    "20% flipped",
    "30% flipped",
    "Random starts that end in ± a memory",
    "Other states",
  ],
  rows: points.filter((point) => fixedShare(point)).map((point) => [
    pointTitle(point),
    shareText(fixedShare(point)),
    ...[0.1, 0.2, 0.3].map((flips) => shareText(recallShare(point, { flips }))),
    measureText(
      examined(
        point,
        ({ stable }) => (stable.memory.starts + stable.inverse.starts) / stable.starts,
      ),
      threeDigits,
    ),
    measureText(examined(point, ({ stable }) => stable.spurious.states), whole),
  ]),
});

/** The published outcome and ours with the published settings. */
export function publishedTable(points: readonly PointResult[]): Table | undefined {
  const rows = points.flatMap((point) => {
    const found = point.configuration.published?.find(({ memories }) =>
      memories === (point.networks[0]?.memories ?? memories)
    );
    if (!found) return [];
    const shown = (value: number | undefined) => value === undefined ? none : threeDigits(value);
    return [[
      pointTitle(point),
      found.converged ? `yes${found.epoch ? `, ${found.epoch}` : ""}` : "no",
      shown(found.reaction),
      shown(found.retention),
      outcomeText(point),
      updatesText(point),
      measureText(absoluteReaction(point)),
      measureText(absoluteRetention(point)),
      measureText(signedRetention(point)),
    ]];
  });
  if (rows.length === 0) return undefined;
  return {
    columns: [
      "Networks",
      "Published: converged",
      "reaction",
      "retention",
      "Here: converged",
      "updates",
      "reaction",
      "retention",
      "signed retention",
    ],
    rows,
  };
}

/** Damaged presentations; the noise is clamped, as published, the flips are of whole bits. */
export function cueTable(points: readonly PointResult[]): Table | undefined {
  const tests = points.flatMap(({ networks }) => networks)
    .map(({ examination }) => examination?.cues ?? []).find((cues) => cues.length > 0);
  if (!tests) return undefined;
  const rows = points.flatMap((point) =>
    tests.flatMap((test) => {
      const { kind, level } = test;
      const own = (value: (cue: NetworkExamination["cues"][number]) => number) =>
        examined(point, ({ cues }) => {
          const found = cues.find((cue) => cue.kind === kind && cue.level === level);
          return found && value(found);
        });
      if (!own(({ reaction }) => reaction)) return [];
      return [[
        pointTitle(point),
        cueText(test),
        measureText(own(({ reaction }) => reaction)),
        measureText(own(({ retention }) => retention)),
        measureText(own((cue) => cue.absolute_overlap)),
        shareText(cueShare(point, test)),
      ]];
    })
  );
  return {
    columns: [
      "Networks",
      "What is shown",
      "Reaction",
      "Retention",
      "Absolute overlap at the end",
      "Exact recall",
    ],
    rows,
  };
}

const cueText = (
  { kind, level }: { kind: "clean" | "noise" | "flips"; level: number },
): string =>
  kind === "clean"
    ? "clean"
    : kind === "noise"
    ? `noise σ ${level}, clamped`
    : `each bit flipped with ${level}`;

/** The learned matrix against those of rules. */
export function ruleTable(points: readonly PointResult[]): Table | undefined {
  const rows = points.flatMap((point) =>
    (["learned", "hebb", "pseudo_inverse"] as const).flatMap((matrix: Matrix) => {
      const fixed = fixedShare(point, matrix);
      if (!fixed) return [];
      const rule = (value: "correlation" | "scale") =>
        matrix === "learned"
          ? undefined
          : examined(point, (one) => one[matrix]?.[value] ?? undefined);
      return [[
        pointTitle(point),
        matrixNames[matrix],
        measureText(rule("correlation")),
        measureText(rule("scale")),
        shareText(fixed),
        ...[0.1, 0.2, 0.3].map((flips) => shareText(recallShare(point, { flips, matrix }))),
      ]];
    })
  );
  if (rows.length === 0) return undefined;
  return {
    columns: [
      "Networks",
      "Matrix",
      "Correlation with W",
      "Best factor",
      "Exact fixed points",
      "Recall, 10% flipped",
      "20% flipped",
      "30% flipped",
    ],
    rows,
  };
}

/** How many patterns can be held. */
export const capacityTable = (points: readonly PointResult[]): Table => ({
  columns: [
    "Networks",
    "Converged",
    "Updates until then",
    "Fixed points: learned",
    "Hebb rule",
    "Pseudo-inverse",
    "Networks that hold all",
    "Recall, 5% flipped",
    "10% flipped",
  ],
  rows: points.map((point) => {
    const all = examined(point, ({ fixed }) => fixed.count === fixed.of ? 1 : 0);
    return [
      pointTitle(point),
      outcomeText(point),
      updatesText(point),
      ...(["learned", "hebb", "pseudo_inverse"] as const)
        .map((matrix) => shareText(fixedShare(point, matrix))),
      all ? `${Math.round(all.mean * all.values.length)} of ${all.values.length}` : none,
      ...[0.05, 0.1].map((flips) => shareText(recallShare(point, { flips }))),
    ];
  }),
});

/** Activity that its price leaves. */
export const rateTable = (points: readonly PointResult[]): Table => ({
  columns: [
    "Networks",
    "Mean h²",
    "Retention",
    "Worst memory",
    "Exact fixed points",
    "Recall, 20% flipped",
  ],
  rows: points.map((point) => [
    pointTitle(point),
    measureText(activity(point)),
    measureText(signedRetention(point)),
    measureText(worstRetention(point)),
    shareText(fixedShare(point)),
    shareText(recallShare(point, { flips: 0.2 })),
  ]),
});

/** Mean h² of presentations and after, on test sequences. */
export function activity({ networks }: PointResult) {
  const values = networks.map(({ metric }) => metric("test/activity"))
    .filter((value) => value !== undefined);
  return values.length === 0 ? undefined : { mean: mean(values), interval: undefined, values };
}
