/** Tapes that a thread can keep for one sequence, or one replica, at a time. */
import { type Node, reachable, type Slot } from "../../program/node.ts";
import type { Stage } from "../../program/program.ts";
import type { StageRun } from "./stage_runs.ts";

const slotsLoaded = ({ stores }: Stage): Set<Slot> =>
  new Set(
    reachable(stores.map(({ value }) => value)).flatMap(({ operation }: Node) =>
      operation.op === "load" ? [operation.slot] : []
    ),
  );
const slotsStored = ({ stores }: Stage): Set<Slot> => new Set(stores.map(({ slot }) => slot));

/**
 * Tapes that only one run uses, and that it writes at every step before it reads them. A tape that no
 * stage loads is read by the host, and is not private.
 *
 * @param runs those of all procedures; a thread takes one sequence, or one replica, through all stages of
 * a run before the next one.
 */
export function privateTapes(runs: readonly StageRun[]): Set<Slot> {
  const users = new Map<Slot, Set<StageRun>>();
  const written = new Set<Slot>();
  const loaded = new Set<Slot>();
  /** Slots that are loaded before they are written. */
  const early = new Set<Slot>();
  for (const run of runs) {
    for (const { stage } of run) {
      for (const slot of slotsLoaded(stage)) {
        loaded.add(slot);
        if (!written.has(slot)) early.add(slot);
        users.set(slot, (users.get(slot) ?? new Set()).add(run));
      }
      for (const slot of slotsStored(stage)) {
        if (stage.loop !== "none" || stage.segments) written.add(slot);
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
