/**
 * Neighbouring stages that a thread can run one sequence at a time: all stages and all their steps
 * for one sequence, then the next. What is kept from one stage for a later one of the same run (the
 * tape of back-propagation through time) is then needed once a thread and not once a sequence, and
 * small enough to stay in cache.
 */
import { type Node, reachable, type Slot } from "../../program/node.ts";
import type { Stage } from "../../program/program.ts";
import type { Pass } from "../../schedule/pass.ts";
import type { LoweredStage } from "../lower.ts";

/** The function of a stage. */
export const stageName = ({ procedure, number, stage }: LoweredStage): string =>
  `${procedure}_${number}_${stage.name}`;

/** The functions of the passes of a stage, in order. */
export const passNames = (lowered: LoweredStage): ReadonlyMap<Pass, string> =>
  new Map(
    lowered.schedule.groups.flat().map((pass, index) => [pass, `${stageName(lowered)}_${index}`]),
  );

/** Bytes of a matrix above which its rows are taken in bands: not all of it stays in cache. */
const BAND_WORTH = 1 << 18;

/** The matrix whose rows a pass goes over one by one. */
export function matrixOf({ domain, reduction }: Pass): readonly [number, number] | undefined {
  if (domain.shape.length === 2) return domain.shape;
  const rowByRow = reduction?.axes.join() === "pre" && reduction.operand.length === 2;
  return rowByRow ? reduction.operand as readonly [number, number] : undefined;
}

/** Whether the sequences take a pass a band of rows at a time, so that they share what they read. */
export function isBanded(pass: Pass): boolean {
  const [rows, columns] = matrixOf(pass) ?? [0, 0];
  return rows * columns * 4 >= BAND_WORTH;
}

/** Neighbouring stages of one procedure. Where there are several, they run one sequence at a time. */
export type StageRun = readonly LoweredStage[];

/** Whether the stage would rather go over all sequences a band of rows at a time. */
const wantsBands = ({ stage, schedule }: LoweredStage): boolean =>
  stage.loop === "none" && schedule.groups.flat().some(isBanded);

/** A run from its first to its last stage that gains from being in it; the others stay alone. */
function trimmed(run: StageRun): StageRun[] {
  const first = run.findIndex((stage) => !wantsBands(stage));
  const last = run.findLastIndex((stage) => !wantsBands(stage));
  const alone = (stages: StageRun): StageRun[] => stages.map((stage) => [stage]);
  const inner = run.slice(first, last + 1);
  const loops = inner.some(({ stage }) => stage.loop !== "none");
  if (first < 0 || !loops) return alone(run);
  return [...alone(run.slice(0, first)), inner, ...alone(run.slice(last + 1))];
}

/** The stages of a procedure, in order, those that one sequence can run through together as one. */
export function stageRuns(stages: readonly LoweredStage[]): StageRun[] {
  const runs: LoweredStage[][] = [];
  let open: LoweredStage[] | undefined;
  for (const stage of stages) {
    if (stage.lowering.owner !== "sequence") {
      runs.push([stage]);
      open = undefined;
    } else if (open) {
      open.push(stage);
    } else {
      runs.push(open = [stage]);
    }
  }
  return runs.flatMap((run) => run.length === 1 ? [run] : trimmed(run));
}

const slotsLoaded = ({ stores }: Stage): Set<Slot> =>
  new Set(
    reachable(stores.map(({ value }) => value)).flatMap(({ operation }: Node) =>
      operation.op === "load" ? [operation.slot] : []
    ),
  );
const slotsStored = ({ stores }: Stage): Set<Slot> => new Set(stores.map(({ slot }) => slot));

/**
 * Tapes that no stage outside one run touches, and that the run writes at every step before it reads
 * them. A tape that nobody loads is for the host, and not private.
 *
 * @param runs of all procedures: stages that a thread takes one sequence, or one replica, through
 * before the next.
 */
export function privateTapes(runs: readonly StageRun[]): Set<Slot> {
  const users = new Map<Slot, Set<StageRun>>();
  const written = new Set<Slot>();
  const loaded = new Set<Slot>();
  const early = new Set<Slot>();
  for (const run of runs) {
    for (const { stage } of run) {
      const stored = slotsStored(stage);
      for (const slot of slotsLoaded(stage)) {
        loaded.add(slot);
        if (!written.has(slot)) early.add(slot);
        users.set(slot, (users.get(slot) ?? new Set()).add(run));
      }
      for (const slot of stored) {
        if (stage.loop !== "none") written.add(slot);
        users.set(slot, (users.get(slot) ?? new Set()).add(run));
      }
    }
  }
  const isPrivate = (slot: Slot) => {
    const { kind, hasBatchAxis, hasTimeAxis, hasChunkAxis } = slot;
    const [run, ...others] = users.get(slot)!;
    return kind === "tape" && hasBatchAxis && hasTimeAxis && !hasChunkAxis && !early.has(slot) &&
      others.length === 0 && run!.length > 1;
  };
  return new Set([...loaded].filter(isPrivate));
}
