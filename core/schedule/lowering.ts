/**
 * How the passes of a stage become launches.
 *
 * Fused: one workgroup owns a sequence, or a whole replica, and runs all passes and all steps in one
 * launch; waiting is a workgroup barrier. Split: every pass is a launch of its own over many
 * workgroups; waiting is the order of launches. Small networks run fused, large ones split.
 */
import { type Extents, sizeOf } from "../axes.ts";
import type { Loop } from "../program/program.ts";
import type { Pass, Schedule } from "./pass.ts";
import { widest } from "./wait_scope.ts";

export type LoweringChoice = "auto" | "fused" | "split";

export type Lowering =
  | { readonly kind: "fused"; readonly owner: "sequence" | "replica" }
  | { readonly kind: "split" };

/**
 * Most elements a workgroup visits in one step before many workgroups are worth a launch a pass.
 * A launch costs as much as a workgroup of 256 lanes doing some hundred elements each.
 */
const FUSED_LIMIT = 1 << 16;

/** The smallest group of lanes that never has to wait for lanes outside it. */
export function ownerOf({ groups }: Schedule): "sequence" | "replica" {
  const passes = groups.flat();
  const scope = passes.map(({ waitsFor }) => waitsFor).reduce(widest, "lane");
  const separate = passes.every(({ domain }) => domain.hasBatchAxis);
  return separate && (scope === "lane" || scope === "sequence") ? "sequence" : "replica";
}

/** Elements visited by all lanes of a pass in one replica or sequence. */
export function visitsOf({ domain, reduction }: Pass, sequences: number): number {
  const lanes = sizeOf(domain.shape) * (domain.hasBatchAxis ? sequences : 1);
  return lanes * (reduction?.lengths.reduce((product, length) => product * length, 1) ?? 1);
}

export function chooseLowering(
  schedule: Schedule,
  { loop, extents, choice }: { loop: Loop; extents: Extents; choice: LoweringChoice },
): Lowering {
  const owner = ownerOf(schedule);
  if (choice === "split") return { kind: "split" };
  if (choice === "fused") return { kind: "fused", owner };
  if (loop === "none") return { kind: "split" };
  const sequences = owner === "sequence" ? 1 : extents.sequences;
  const visits = schedule.groups.flat().reduce(
    (total, pass) => total + visitsOf(pass, sequences),
    0,
  );
  return visits <= FUSED_LIMIT ? { kind: "fused", owner } : { kind: "split" };
}
