import type { Index } from "../../schedule/indexing.ts";
import type { Place } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";

/** WGSL of one element of a place; the iteration is `k`, the replica `r`. */
export function elementText(
  memory: MemoryPlan,
  place: Place,
  { own, sequence, time }: Index,
): string {
  const { arena, offset } = memory.regionOf(place);
  const rank = own.length;
  const symbols = {
    chunk: "k",
    time,
    replica: "r",
    sequence,
    post: own[0],
    pre: own[rank - 1],
  };
  const terms: string[] = offset > 0 ? [`${offset}u`] : [];
  for (const { axis, stride } of memory.stridesOf(place)) {
    const symbol = symbols[axis]!;
    if (symbol !== "0") terms.push(stride === 1 ? symbol : `${symbol} * ${stride}u`);
  }
  return `memory${arena}[${terms.join(" + ") || "0u"}]`;
}
