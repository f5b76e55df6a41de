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

/** The outcome of the training, and how well each memory is held. */
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

/** Recall from damaged first states, and the other stable states. */
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

/** The published outcome beside ours; undefined if no point has one. */
export function publishedTable(points: readonly PointResult[]): Table | undefined {
  const rows = points.flatMap((point) => {
    const outcome = point.configuration.published?.find(({ memories }) =>
      memories === (point.networks[0]?.memories ?? memories)
    );
    if (!outcome) return [];
    const cell = (value: number | undefined) => value === undefined ? none : threeDigits(value);
    return [[
      pointTitle(point),
      outcome.converged ? `yes${outcome.epoch ? `, ${outcome.epoch}` : ""}` : "no",
      cell(outcome.reaction),
      cell(outcome.retention),
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

/** Recall after damaged presentations; undefined if no network was tested with any. */
export function cueTable(points: readonly PointResult[]): Table | undefined {
  const tests = cueTests(points);
  if (tests.length === 0) return undefined;
  const rows = points.flatMap((point) =>
    tests.flatMap((test) => {
      const cell = (value: (cue: CueTest) => number) => measureText(ofCue(point, test, value));
      if (!cueShare(point, test)) return [];
      return [[
        pointTitle(point),
        cueText(test),
        cell(({ reaction }) => reaction),
        cell(({ retention }) => retention),
        cell((cue) => cue.absolute_overlap),
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

/** The learned matrix beside those of rules; undefined if nothing has been examined. */
export function ruleTable(points: readonly PointResult[]): Table | undefined {
  const rows = points.flatMap((point) =>
    (["learned", "hebb", "pseudo_inverse"] as const).flatMap((matrix: Matrix) => {
      const fixed = fixedShare(point, matrix);
      if (!fixed) return [];
      const rule = (value: "correlation" | "scale") =>
        matrix === "learned"
          ? undefined
          : examined(point, (network) => network[matrix]?.[value] ?? undefined);
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

/** How many patterns are fixed points, and come back from a few flipped bits. */
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
    const holdsAll = examined(point, ({ fixed }) => fixed.count === fixed.of ? 1 : 0);
    return [
      pointTitle(point),
      outcomeText(point),
      updatesText(point),
      ...(["learned", "hebb", "pseudo_inverse"] as const)
        .map((matrix) => shareText(fixedShare(point, matrix))),
      holdsAll
        ? `${Math.round(holdsAll.mean * holdsAll.values.length)} of ${holdsAll.values.length}`
        : none,
      ...[0.05, 0.1].map((flips) => shareText(recallShare(point, { flips }))),
      percentText(startShares.unsettled(point)),
    ];
  }),
});

/** Activity and recall by weight of the price on activity. */
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
