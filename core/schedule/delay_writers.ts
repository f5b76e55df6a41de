/** Lets passes run after the last reader of what they overwrite, so that they can write in place. */
import type { Node } from "../program/node.ts";
import type { Store } from "../program/program.ts";
import type { Assignment } from "./assign_passes.ts";
import { readingsOf, runAfter, sameDomain } from "./pass_builder.ts";

/**
 * Moves passes behind the other readers of the slots that they overwrite: the new values then need no memory of their
 * own. Only a pass moves that nothing waits for: its values are stored and read by no other pass, and it reads no other
 * slot that the stage changes.
 *
 * @param readElsewhere the values that something reads which does not compute them.
 */
export function delayWriters(
  stores: readonly Store[],
  { builders, passOf, rootSet, readElsewhere }: Assignment & {
    rootSet: ReadonlySet<Node>;
    readElsewhere: ReadonlySet<Node>;
  },
): void {
  const readings = readingsOf(builders, rootSet);
  const changed = new Set(stores.map(({ slot }) => slot));
  for (const pass of builders) {
    if (pass.roots.some((root) => readElsewhere.has(root))) continue;
    const overwritten = new Set(
      stores.filter(({ slot, value }) =>
        passOf.get(value) === pass && sameDomain(pass.domain, slot)
      ).map(({ slot }) => slot),
    );
    const keepsOthers = readings.some((reading) =>
      reading.pass === pass && changed.has(reading.slot) && !overwritten.has(reading.slot)
    );
    if (keepsOthers) continue;
    for (const reader of readings) {
      if (reader.pass !== pass && overwritten.has(reader.slot)) runAfter(pass, reader.pass);
    }
  }
}
