/**
 * How the passes of a stage become launches.
 *
 * Fused: one owner, a sequence or a whole replica, runs all passes and all steps in one launch;
 * waiting is a barrier inside it. Split: every pass is a launch of its own over many workgroups;
 * waiting is the order of launches. Small networks run fused, large ones split.
 */
import { type Extents, sizeOf } from "../axes.ts";
import type { Loop } from "../program/program.ts";
import type { Pass, Schedule } from "./pass.ts";
import { widest } from "./wait_scope.ts";

/** What a caller may ask for; `auto` fuses loops whose step is small. */
export type LoweringChoice = "auto" | "fused" | "split";

/** How a stage is launched. */
export interface Lowering {
  readonly kind: "fused" | "split";
  /** Whose lanes run all passes without waiting for others: one workgroup or thread each. */
  readonly owner: "sequence" | "replica";
}

/**
 * Most elements a workgroup visits in one step before many workgroups are worth a launch a pass.
 * A launch costs as much as a workgroup of 256 lanes doing some hundred elements each.
 */
const FUSED_LIMIT = 1 << 16;

/** The smallest group of lanes that never has to wait for lanes outside it. */
export function ownerOf({ groups }: Schedule): Lowering["owner"] {
  const passes = groups.flat();
  const scope = passes.map(({ waitsFor }) => waitsFor).reduce(widest, "lane");
  const separate = passes.every(({ domain }) => domain.hasBatchAxis);
  return separate && scope !== "replica" ? "sequence" : "replica";
}

/** Elements visited by all lanes of a pass in one replica or sequence. */
export function visitsOf({ domain, reduction }: Pass, sequences: number): number {
  const lanes = sizeOf(domain.shape) * (domain.hasBatchAxis ? sequences : 1);
  return lanes * (reduction?.lengths.reduce((product, length) => product * length, 1) ?? 1);
}

/** Chooses how a stage is launched; B and T are those of `extents`. */
export function chooseLowering(
  schedule: Schedule,
  { loop, extents, choice }: { loop: Loop; extents: Extents; choice: LoweringChoice },
): Lowering {
  const owner = ownerOf(schedule);
  if (choice !== "auto") return { kind: choice, owner };
  if (loop === "none") return { kind: "split", owner };
  const sequences = owner === "sequence" ? 1 : extents.sequences;
  const visits = schedule.groups.flat().reduce(
    (total, pass) => total + visitsOf(pass, sequences),
    0,
  );
  return { kind: visits <= FUSED_LIMIT ? "fused" : "split", owner };
}
