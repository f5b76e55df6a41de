/**
 * How the passes of a stage become launches.
 *
 * Fused: all passes and all steps run in one launch, one workgroup for each owner (a sequence or a
 * whole replica). Passes wait for each other at a barrier. Split: every pass is a launch of its own,
 * over many workgroups. Passes wait for each other by the order of launches. Small networks run
 * fused, large ones split; between them it depends on what a workgroup can keep. Joined: at every step, passes that
 * concern only their own sequence are one launch, with a workgroup for each sequence; passes that sum over sequences
 * are launches of their own.
 */
import { type Extents, sizeOf } from "../axes.ts";
import type { Pass, Schedule } from "./pass.ts";
import { widest } from "./wait_scope.ts";

/** What a caller may ask for; `auto` fuses stages whose step is small. */
export type LoweringChoice = "auto" | "fused" | "joined" | "split";

/** How a stage is launched. */
export interface Lowering {
  /** `either`: a backend chooses. */
  readonly kind: "fused" | "joined" | "split" | "either";
  /** What one workgroup or thread runs by itself, without waiting for others. */
  readonly owner: "sequence" | "replica";
}

/**
 * Elements that a workgroup visits in the time of a launch: 256 lanes visit some hundred each. A step that visits no
 * more is fused. One that visits more than that for each of its passes, each of which were a launch, is split.
 */
const VISITS_OF_LAUNCH = 1 << 16;

/** The smallest owner that never has to wait for lanes outside it. */
export function ownerOf({ groups }: Schedule): Lowering["owner"] {
  const passes = groups.flat();
  const scope = passes.map(({ waitsFor }) => waitsFor).reduce(widest, "lane");
  const separate = passes.every(({ domain }) => domain.hasBatchAxis);
  return separate && scope !== "replica" ? "sequence" : "replica";
}

/** Elements that all lanes of a pass visit, in a replica of so many sequences. */
export function visitsOf({ domain, reduction }: Pass, sequences: number): number {
  const lanes = sizeOf(domain.shape) * (domain.hasBatchAxis ? sequences : 1);
  return lanes * (reduction?.lengths.reduce((product, length) => product * length, 1) ?? 1);
}

/** Chooses how a stage is launched. */
export function chooseLowering(
  schedule: Schedule,
  { extents, choice }: { extents: Extents; choice: LoweringChoice },
): Lowering {
  const owner = ownerOf(schedule);
  if (choice !== "auto") return { kind: choice, owner };
  const sequences = owner === "sequence" ? 1 : extents.sequences;
  const passes = schedule.groups.flat();
  const visits = passes.reduce((total, pass) => total + visitsOf(pass, sequences), 0);
  if (visits <= VISITS_OF_LAUNCH) return { kind: "fused", owner };
  return { kind: visits > VISITS_OF_LAUNCH * passes.length ? "split" : "either", owner };
}
