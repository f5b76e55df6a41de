/**
 * Runs of stages: neighbouring stages that a thread takes one sequence at a time through, all their steps
 * for one sequence, then for the next. The tape that one stage keeps for a later one is then needed once
 * per thread, not once per sequence, and is small enough to stay in the cache.
 */
import type { SegmentLoop } from "../../program/program.ts";
import { bySegmentLoop } from "../../program/segments.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LoweredStage } from "../lower.ts";
import { isBanded } from "./row_bands.ts";

/** The name of the function of a stage. */
export const stageName = ({ procedure, number, stage }: LoweredStage): string =>
  `${procedure}_${number}_${stage.name}`;

/** The names of the functions of the passes of a stage, in order. */
export const passNames = (lowered: LoweredStage): ReadonlyMap<Pass, string> =>
  new Map(
    lowered.schedule.groups.flat().map((pass, index) => [pass, `${stageName(lowered)}_${index}`]),
  );

/**
 * One stage, or several neighbouring stages of a procedure that run one sequence at a time. A run has whole loops
 * over segments inside it, or is a part of one.
 */
export type StageRun = readonly LoweredStage[];

/** The loop over segments that a run is a part of, or all of. */
export function segmentLoopAround(run: StageRun): SegmentLoop | undefined {
  const { segments } = run[0]!.stage;
  return run.every(({ stage }) => stage.segments === segments) ? segments : undefined;
}

/** Whether the stage is faster over all sequences, one band of rows at a time. */
const wantsBands = ({ stage, schedule }: LoweredStage): boolean =>
  stage.loop === "none" && !stage.segments && schedule.groups.flat().some(isBanded);

/** Takes stages off both ends of a run that are faster in bands; those run alone. */
function trimmed(run: StageRun): StageRun[] {
  const first = run.findIndex((stage) => !wantsBands(stage));
  const last = run.findLastIndex((stage) => !wantsBands(stage));
  const alone = (stages: StageRun): StageRun[] => stages.map((stage) => [stage]);
  const inner = run.slice(first, last + 1);
  const hasLoop = inner.some(({ stage }) => stage.loop !== "none");
  if (first < 0 || !hasLoop) return alone(run);
  return [...alone(run.slice(0, first)), inner, ...alone(run.slice(last + 1))];
}

const isOfSequence = (run: StageRun): boolean =>
  run.every(({ lowering }) => lowering.owner === "sequence");

/** Joins neighbouring parts that a sequence can run alone. */
function joined(parts: readonly StageRun[]): StageRun[] {
  const runs: StageRun[] = [];
  for (const part of parts) {
    const last = runs.at(-1);
    if (last && isOfSequence(last) && isOfSequence(part)) {
      runs[runs.length - 1] = [...last, ...part];
    } else runs.push(part);
  }
  return runs;
}

/** Divides the stages of a procedure into runs, in order. */
export function stageRuns(stages: readonly LoweredStage[]): StageRun[] {
  const loops = bySegmentLoop(stages, ({ stage }) => stage.segments);
  return joined(loops).flatMap((run) => {
    if (run.length === 1) return [run];
    return isOfSequence(run) ? trimmed(run) : joined(run.map((stage) => [stage]));
  });
}
