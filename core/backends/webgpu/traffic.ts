/**
 * What kernels touch in memory, from the very indices that were printed: a model of traffic that needs no
 * GPU. `sectors.ts` asks how well a layout suits its lanes, `moved_bytes.ts` how often arrays are moved.
 */
import type { IndexSymbol, Position } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { Level } from "./elements.ts";

/** A read or write in the text of a lane, and how many times the lane makes it. */
export interface Touch {
  readonly place: Place;
  readonly position: Position;
  readonly kind: "load" | "store";
  /** Where the element lies; only what lies in memory is traffic. */
  readonly level: Level;
  readonly times: number;
}

/** A pass, as memory sees it. */
export interface PassTraffic {
  readonly touches: readonly Touch[];
  /** Lanes that differ in the number of the lane alone: those of a workgroup, or of the launch. */
  readonly lanes: number;
  /** The values of the symbols of positions for a lane, by name. */
  readonly valuesOf: (lane: number) => ReadonlyMap<string, number>;
  /** Workgroups that run the pass, each for all of these lanes. */
  readonly owners: number;
  /** How many times each runs it in a launch. */
  readonly runs: number;
  /** What counts along an axis of steps of which only those before the one that runs are touched. */
  readonly past?: IndexSymbol | undefined;
}

/** A kernel, as memory and the scheduler of a GPU see it. */
export interface KernelTraffic {
  readonly passes: readonly PassTraffic[];
  /** Barriers that a workgroup reaches in a launch. */
  readonly barriers: number;
  readonly workgroupBytes: number;
  /** 32-bit registers of a lane: an estimate. */
  readonly registers: number;
  /** Turns that a lane makes in all loops of a launch, at most. */
  readonly turns: number;
}
