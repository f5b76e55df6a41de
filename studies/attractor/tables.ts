/** The tables of the studies. */
import type { Table } from "../../report/html.ts";
import type { CueTest } from "../../analysis/examine/examination.ts";
import {
  absoluteReaction,
  absoluteRetention,
  activity,
  cueShare,
  cueTests,
  examined,
  fixedShare,
  type Matrix,
  matrixNames,
  ofCue,
  recallShare,
  signedRetention,
  spuriousStates,
  startShares,
  worstRetention,
} from "./measures.ts";
import type { PointResult } from "./results.ts";
import {
  measureText,
  none,
  outcomeText,
  percentText,
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
    "Updates",
    "|Reaction|",
    "|Retention|",
    "Signed",
    "Worst",
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
    "Fixed points",
    "10% flipped",
    "20% flipped",
    "30% flipped",
    "Starts: ± memory",
    "spurious",
    "not settled",
    "Spurious states",
  ],
  rows: points.filter((point) => fixedShare(point)).map((point) => [
    pointTitle(point),
    shareText(fixedShare(point)),
    ...[0.1, 0.2, 0.3].map((flips) => shareText(recallShare(point, { flips }))),
    ...Object.values(startShares).map((share) => percentText(share(point))),
    measureText(spuriousStates(point), whole),
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
      "Published",
      "reaction",
      "retention",
      "Here",
      "updates",
      "|reaction|",
      "|retention|",
      "signed",
    ],
    rows,
  };
}

/** Damaged presentations; the noise is clamped, as published, the flips are of whole bits. */
export function cueTable(points: readonly PointResult[]): Table | undefined {
  const tests = cueTests(points);
  if (tests.length === 0) return undefined;
  const rows = points.flatMap((point) =>
    tests.flatMap((test) => {
      const own = (value: (cue: CueTest) => number) => measureText(ofCue(point, test, value));
      if (!cueShare(point, test)) return [];
      return [[
        pointTitle(point),
        cueText(test),
        own(({ reaction }) => reaction),
        own(({ retention }) => retention),
        own((cue) => cue.absolute_overlap),
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
      "|Overlap| at the end",
      "Exact recall",
    ],
    rows,
  };
}

const cueText = ({ kind, level }: Pick<CueTest, "kind" | "level">): string =>
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
      "Correlation",
      "Factor",
      "Fixed points",
      "10% flipped",
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
    "Updates",
    "Fixed: learned",
    "Hebb rule",
    "Pseudo-inverse",
    "All held by",
    "5% flipped",
    "10% flipped",
    "Not settled",
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
      percentText(startShares.unsettled(point)),
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
    "Fixed points",
    "20% flipped",
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
