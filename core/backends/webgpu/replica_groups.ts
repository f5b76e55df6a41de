/**
 * Replicas that do not fit the bindings of a device together run in groups: an engine for some replicas, once a
 * group. Groups have the same kernels, and memory of their own for what a run leaves; tapes and temporaries they
 * share, since they run one after the other. Replicas do not meet, so their bits are the same in any group.
 */
import type { Slot } from "../../program/node.ts";
import type { Program } from "../../program/program.ts";
import type { Engine, MemoryEstimate, Values } from "../backend.ts";
import { disposable } from "../disposable.ts";
import { findSlot, firstWritten, stepSize } from "../layout.ts";

/**
 * Replicas of each group, the last of which may have fewer: all, or as few groups of one size as fit.
 *
 * @param fits whether so many replicas fit; it does not for more if it does not for fewer.
 */
export function replicasAtOnce(replicas: number, fits: (replicas: number) => boolean): number {
  if (fits(replicas)) return replicas;
  let [most, tooMany] = [1, replicas];
  while (tooMany - most > 1) {
    const middle = Math.floor((most + tooMany) / 2);
    if (fits(middle)) most = middle;
    else tooMany = middle;
  }
  return Math.ceil(replicas / Math.ceil(replicas / most));
}

/** A program of fewer replicas. */
export const withReplicas = (program: Program, replicas: number): Program => ({
  ...program,
  extents: { ...program.extents, replicas },
});

/** Purposes of memory that all groups share. */
const shared = new Set(["tape", "temporary", "copies for evaluation"]);

/** Bytes of all groups, of those of one. */
export const estimateOfGroups = (estimate: MemoryEstimate, groups: number): MemoryEstimate =>
  new Map(
    [...estimate].map(([purpose, bytes]) =>
      [purpose, shared.has(purpose) ? bytes : groups * bytes] as const
    ),
  );

/**
 * The engine of a program, of the engines of its groups.
 *
 * @param program of all replicas.
 * @param groups in the order of their replicas; they have the same number, and the last may have some to spare.
 * @param close frees the memory of all groups.
 */
export function engineOfGroups(
  program: Program,
  groups: readonly Engine[],
  { memory, close }: { memory: MemoryEstimate; close: () => void },
): Engine {
  const [{ chunk, program: { extents } }] = groups as readonly [Engine];
  const all = program.extents;
  /** Where the values of a group lie among those of all: calls back for every piece that lies together. */
  const forPieces = (
    { slot, group, length }: { slot: Slot; group: number; length: number },
    piece: (range: { inAll: number; inGroup: number; size: number }) => void,
  ) => {
    const ofReplica = stepSize(slot, all) / all.replicas;
    const first = group * extents.replicas;
    const size = Math.min(extents.replicas, all.replicas - first) * ofReplica;
    const stride = extents.replicas * ofReplica;
    for (let inGroup = 0; inGroup < length; inGroup += stride) {
      const step = inGroup / stride;
      piece({ inAll: (step * all.replicas + first) * ofReplica, inGroup, size });
    }
  };
  return disposable({
    program,
    chunk,
    memory,
    write(name, values, part) {
      const slot = findSlot(program, name);
      firstWritten(slot, values.length, { extents: all, chunk, step: part?.step });
      const length = values.length / all.replicas * extents.replicas;
      groups.forEach((engine, group) => {
        const own = new Float32Array(length);
        forPieces({ slot, group, length }, ({ inAll, inGroup, size }) => {
          own.set(values.subarray(inAll, inAll + size), inGroup);
        });
        engine.write(name, own, part);
      });
    },
    async read(names) {
      const slots = names.map((name) => findSlot(program, name));
      const lacking = slots.find(({ kind }) => shared.has(kind));
      if (lacking) {
        throw new RangeError(
          `"${lacking.name}" is kept for ${extents.replicas} replicas at a time`,
        );
      }
      // All at once: another run may begin meanwhile.
      const read = await Promise.all(groups.map((engine) => engine.read(names)));
      return new Map(slots.map((slot): [string, Values] => {
        const parts = read.map((values) => values.get(slot.name)!);
        const { length } = parts[0]!;
        const whole = new Float32Array(length / extents.replicas * all.replicas);
        parts.forEach((own, group) =>
          forPieces({ slot, group, length }, ({ inAll, inGroup, size }) => {
            whole.set(own.subarray(inGroup, inGroup + size), inAll);
          })
        );
        return [slot.name, whole];
      }));
    },
    async run(procedure, options) {
      for (const engine of groups) await engine.run(procedure, options);
    },
    close,
  });
}
