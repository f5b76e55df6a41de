/** Where a kernel keeps the elements of places: in memory, in workgroup memory or in registers. */
import type { Slot } from "../../program/node.ts";
import type { Position } from "../../schedule/index.ts";
import type { Place, Temporary } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText } from "./address.ts";

/** How far from a lane an element lies. */
export type Level = "register" | "workgroup" | "memory";

/** An element as text. */
export interface Element {
  readonly text: string;
  readonly level: Level;
}

/** The elements of places, as a kernel names them. */
export interface Elements {
  /** Where an element is read. */
  read(place: Place, position: Position): Element;
  /** Everywhere that it is written to. */
  written(place: Place, position: Position): readonly Element[];
}

/** The slot or temporary of a place: equal places have the same one. */
export const holderOf = (place: Place): Slot | Temporary =>
  "slot" in place ? place.slot : place.temporary;

/** Everything in memory. */
export function elementsInMemory(memory: MemoryPlan): Elements {
  const read = (place: Place, position: Position): Element => ({
    text: elementText(memory, place, position),
    level: "memory",
  });
  return { read, written: (place, position) => [read(place, position)] };
}
