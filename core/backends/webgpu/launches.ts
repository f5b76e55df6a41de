/**
 * Shares out the passes of a step between launches: passes that concern only their own sequence run one after the other,
 * in a workgroup for each sequence, and leave values on the chip to each other. What concerns several sequences, such as
 * a gradient that all of them add up, is a launch of its own, as late as the passes after it let it be.
 */
import type { Slot } from "../../program/node.ts";
import { symbols } from "../../schedule/index.ts";
import type { Pass, Schedule, Temporary } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementsInMemory, holderOf } from "./elements.ts";
import { emitPass } from "./emit_pass.ts";
import type { Touch } from "./traffic.ts";

/** The passes of a launch. */
export interface Launch {
  /** As in `Schedule`. */
  readonly groups: readonly (readonly Pass[])[];
  /** What the other launches of the step touch. */
  readonly outside: ReadonlySet<Slot | Temporary>;
}

/** What a pass reads and writes. */
interface Uses {
  readonly reads: ReadonlySet<Slot | Temporary>;
  readonly writes: ReadonlySet<Slot | Temporary>;
  /** Whether each lane touches nothing of other sequences, and writes nothing that sequences share. */
  readonly isOfSequence: boolean;
}

/** The launches of a step, in order. */
export function launchesOfStep({ groups, places }: Schedule, memory: MemoryPlan): Launch[] {
  const context = { elements: elementsInMemory(memory), places, subgroup: 1 };
  const passes = groups.flat();
  const uses = new Map(passes.map((pass) => [pass, usesOf(pass, emitPass(pass, context).touches)]));
  return sharedOut(passes, uses).map((launch) => ({
    groups: groups.map((group) => group.filter((pass) => launch.includes(pass)))
      .filter((group) => group.length > 0),
    outside: new Set(
      passes.filter((pass) => !launch.includes(pass)).map((pass) => uses.get(pass)!)
        .flatMap(({ reads, writes }) => [...reads, ...writes]),
    ),
  }));
}

function usesOf({ domain }: Pass, touches: readonly Touch[]): Uses {
  const holders = (wanted: Touch["kind"]) =>
    new Set(touches.filter(({ kind }) => kind === wanted).map(({ place }) => holderOf(place)));
  const isOwn = ({ place, kind, position: { sequence } }: Touch) =>
    holderOf(place).hasBatchAxis
      ? !("clamped" in sequence) && sequence.symbol === symbols.sequence && sequence.offset === 0
      : kind === "load";
  return {
    reads: holders("load"),
    writes: holders("store"),
    isOfSequence: domain.hasBatchAxis && touches.every(isOwn),
  };
}

/** Passes of each launch. Those that concern several sequences wait until a pass of one needs them done. */
function sharedOut(passes: readonly Pass[], uses: ReadonlyMap<Pass, Uses>): Pass[][] {
  const launches: Pass[][] = [];
  let run: Pass[] = [];
  let waiting: Pass[] = [];
  const launch = () => {
    launches.push(...run.length > 0 ? [run] : [], ...waiting.map((pass) => [pass]));
    run = [];
    waiting = [];
  };
  for (const pass of passes) {
    const own = uses.get(pass)!;
    if (!own.isOfSequence) {
      waiting.push(pass);
      continue;
    }
    if (waiting.some((other) => hasToFollow(own, uses.get(other)!))) launch();
    run.push(pass);
  }
  launch();
  return launches;
}

/** Whether the order of two passes matters. */
const hasToFollow = (pass: Uses, other: Uses): boolean =>
  !pass.reads.isDisjointFrom(other.writes) || !pass.writes.isDisjointFrom(other.writes) ||
  !pass.writes.isDisjointFrom(other.reads);
