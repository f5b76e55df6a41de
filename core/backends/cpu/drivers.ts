/** The loops around passes: over replicas, sequences, segments, steps and rows, and which thread runs which part. */
import { bySegmentLoop } from "../../program/segments.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LoweredStage } from "../lower.ts";
import type { Division } from "./division.ts";
import { MOST_ROWS } from "./pass_strategy.ts";
import { isBanded, matrixOf } from "./row_bands.ts";
import { passNames, segmentLoopAround, stageName, type StageRun } from "./stage_runs.ts";
import { count, overSegments, overSteps } from "./time_loops.ts";

/** Bytes of a band of rows: it stays in the cache while one sequence after the other uses it. */
const BAND_BYTES = 1 << 16;

/** total * part / threads: where the share of thread `part` begins. */
const share = (total: number, part: string) =>
  `(i32.div_u (i32.mul (i32.const ${total}) ${part}) (global.get $threads))`;
const firstOfThread = (total: number) => share(total, "(global.get $thread)");
const firstOfNextThread = (total: number) =>
  share(total, "(i32.add (global.get $thread) (i32.const 1))");

const rowsOf = (pass: Pass): number => matrixOf(pass)?.[0] ?? 0;
const allRows = (pass: Pass) => ["(i32.const 0)", `(i32.const ${rowsOf(pass)})`] as const;

function callPass(
  name: string,
  { sequence, rows }: { sequence: boolean; rows: readonly [string, string] },
): string {
  const b = sequence ? "(local.get $b)" : "(i32.const 0)";
  const time = "(local.get $t) (local.get $g) (local.get $u)";
  return `(call $${name} (local.get $k) ${time} (local.get $r) ${b} ${rows.join(" ")})`;
}

type Names = ReadonlyMap<Pass, string>;

/** A loop over the sequences of this thread. All passes of a sequence run while it is in the cache. */
function overSequences(
  body: readonly string[],
  { extents: { replicas, sequences }, wholeReplicas }: Division,
): string[] {
  if (body.length === 0) return [];
  if (wholeReplicas) return count("b", "(i32.const 0)", `(i32.const ${sequences})`, body);
  return count(
    "pair",
    firstOfThread(replicas * sequences),
    firstOfNextThread(replicas * sequences),
    [
      `(local.set $r (i32.div_u (local.get $pair) (i32.const ${sequences})))`,
      `(local.set $b (i32.rem_u (local.get $pair) (i32.const ${sequences})))`,
      ...body,
    ],
  );
}

const sequencePasses = (passes: readonly Pass[], names: Names): string[] =>
  passes.filter(({ domain }) => domain.hasBatchAxis)
    .map((pass) => callPass(names.get(pass)!, { sequence: true, rows: allRows(pass) }));

/**
 * Passes over the sequences of this thread. Large matrices are taken one band of rows at a time, for all
 * sequences, so that shared matrices (masks, rates) are read from memory once, not once per sequence.
 */
function inBands(passes: readonly Pass[], names: Names, division: Division): string[] {
  const lines: string[] = [];
  let run: Pass[] = [];
  const close = () => {
    lines.push(...overSequences(sequencePasses(run, names), division));
    run = [];
  };
  for (const pass of passes.filter(({ domain }) => domain.hasBatchAxis)) {
    if (division.extents.sequences === 1 || !isBanded(pass)) {
      run.push(pass);
      continue;
    }
    close();
    const [rows, columns] = matrixOf(pass)!;
    const band = Math.max(1, Math.floor(BAND_BYTES / (columns * 4) / MOST_ROWS)) * MOST_ROWS;
    const next = `(i32.add (local.get $band) (i32.const ${band}))`;
    const end = `(select ${next} (i32.const ${rows}) (i32.lt_u ${next} (i32.const ${rows})))`;
    const bounds = ["(local.get $band)", "(local.get $band_end)"] as const;
    lines.push(
      "(local.set $band (i32.const 0))",
      "(loop $bands",
      `  (local.set $band_end ${end})`,
      ...overSequences([callPass(names.get(pass)!, { sequence: true, rows: bounds })], division),
      "  (local.set $band (local.get $band_end))",
      `  (br_if $bands (i32.lt_u (local.get $band) (i32.const ${rows}))))`,
    );
  }
  close();
  return lines;
}

/** Passes over shared values. Threads that share replicas divide the rows of matrices among them. */
function sharedPasses(
  passes: readonly Pass[],
  names: Names,
  { extents: { replicas }, wholeReplicas }: Division,
): string[] {
  const shared = passes.filter(({ domain }) => !domain.hasBatchAxis);
  if (shared.length === 0) return [];
  const call = (pass: Pass, rows: readonly [string, string]) =>
    callPass(names.get(pass)!, { sequence: false, rows });
  if (wholeReplicas) return shared.map((pass) => call(pass, allRows(pass)));
  const split = shared.map((pass) => {
    const rows = rowsOf(pass);
    if (rows > 0 && pass.domain.shape.length === 2) {
      return call(pass, [firstOfThread(rows), firstOfNextThread(rows)]);
    }
    const isMine = "(i32.eq (i32.rem_u (local.get $r) (global.get $threads)) (global.get $thread))";
    return `(if ${isMine} (then ${call(pass, allRows(pass))}))`;
  });
  return count("r", "(i32.const 0)", `(i32.const ${replicas})`, split);
}

/** All steps of a stage for one sequence; its sequences never wait for each other. */
function stepsOfSequence(lowered: LoweredStage, { extents }: Division): string[] {
  const passes = lowered.schedule.groups.flat();
  return overSteps(lowered.stage, sequencePasses(passes, passNames(lowered)), extents);
}

/** A stage that runs alone. */
function stageBody(lowered: LoweredStage, division: Division): string[] {
  const { stage, schedule, lowering } = lowered;
  const { extents, wholeReplicas } = division;
  const names = passNames(lowered);
  if (lowering.owner === "sequence") {
    return stage.loop === "none"
      ? overSteps(stage, inBands(schedule.groups.flat(), names, division), extents)
      : overSequences(stepsOfSequence(lowered, division), division);
  }
  const lines: string[] = [];
  let between: Pass[] = [];
  const close = () => {
    lines.push(...inBands(between, names, division), ...sharedPasses(between, names, division));
    between = [];
  };
  for (const group of schedule.groups) {
    if (group.some(({ waitsFor }) => waitsFor === "replica")) {
      close();
      if (!wholeReplicas) lines.push("(call $wait_for_all)");
    }
    between.push(...group);
  }
  close();
  return overSteps(stage, lines, extents);
}

/** Stages that each sequence runs alone. */
function stagesOfSequence(run: StageRun, division: Division): string[] {
  const isPart = segmentLoopAround(run) !== undefined;
  const loops = bySegmentLoop(run, ({ stage }) => stage.segments).map((stages) => {
    const body = stages.flatMap((lowered) => stepsOfSequence(lowered, division));
    return isPart ? body : overSegments(stages[0]!.stage.segments, body, division.extents);
  });
  return overSequences(loops.flat(), division);
}

/** The name of the function of a run of stages. */
const runName = (run: StageRun): string => stageName(run[0]!);

/** The parameters of the function of a run: iteration k, replica r or all replicas, and the segment g of its loop. */
const parametersOf = (run: StageRun, { wholeReplicas }: Division): readonly string[] => [
  "k",
  ...wholeReplicas ? ["r"] : [],
  ...segmentLoopAround(run) ? ["g"] : [],
];

/** Calls the function of a run. */
export const callRun = (run: StageRun, division: Division): string => {
  const values = parametersOf(run, division).map((name) => `(local.get $${name})`);
  return `(call $${runName(run)} ${values.join(" ")})`;
};

/** The function that runs this thread's part of one iteration, or of one segment of it. */
export function runDriver(run: StageRun, division: Division): string {
  const body = run.length === 1 ? stageBody(run[0]!, division) : stagesOfSequence(run, division);
  const parameters = parametersOf(run, division);
  const declare = (kind: string, names: readonly string[]) =>
    names.map((name) => `(${kind} $${name} i32)`).join(" ");
  const locals = ["t", "g", "u", "r", "b", "pair", "turn", "length", "step", "band", "band_end"]
    .filter((name) => !parameters.includes(name));
  return [
    `(func $${runName(run)} ${declare("param", parameters)} ${declare("local", locals)}`,
    ...body.map((line) => "  " + line),
    ")",
  ].join("\n");
}
