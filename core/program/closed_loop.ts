/**
 * Programs that can stop after each step, for tasks that go on from what the network puts out.
 *
 * A procedure that runs the network is `begin`, the stages before its first loop, then that loop, then the rest.
 * The program gets `begin` and one step of the loop as procedures of their own. The step is the very stage of
 * the loop, so that its values have the same bits, and it also stores the output where the host reads it.
 */
import type { Value } from "./elementwise.ts";
import { constantValue } from "./initializer.ts";
import { reachable, type Slot } from "./node.ts";
import type { Program, Stage } from "./program.ts";

/** The slot of what the network put out at the step that ran last, [P, B?, ...shape]. */
export const outputSlot = "loop/output";

/** A procedure that a task can be played with. */
export type Playable = "train" | "evaluate";
/** All of them. */
export const playable: readonly Playable[] = ["train", "evaluate"];

/** The names of the procedures that begin a batch, and that run one step of it (`RunOptions.step`). */
export const partsOf = (procedure: Playable) => ({
  begin: `${procedure}/begin`,
  step: `${procedure}/step`,
});

/**
 * The same program, with procedures that begin a batch and run one step of it. What `train` and `evaluate`
 * compute does not change.
 *
 * @throws RangeError if the program does not say what the network puts out (`ProgramBuilder.describeOutput`).
 * @example
 * const engine = await backend.prepare(closedLoop(updaters.bptt.build(learning, { learning_rate: 0.01 })));
 */
export function closedLoop(program: Program): Program {
  const slots = new Map(program.slots);
  const procedures = new Map(program.procedures);
  for (const procedure of playable) {
    const stages = program.procedures.get(procedure);
    if (!stages) continue;
    const index = stages.findIndex(({ loop }) => loop === "forward");
    const stage = keepingOutput(stages[index], slots);
    const { begin, step } = partsOf(procedure);
    procedures.set(procedure, stages.with(index, stage));
    procedures.set(begin, stages.slice(0, index).filter(({ segments }) => !segments));
    procedures.set(step, [singleStep(stage, slots)]);
  }
  const added = [...slots.keys()].filter((name) => !program.slots.has(name));
  const zero = added.map((name) => [name, constantValue(0)] as const);
  const initial = new Map([...program.initial, ...zero]);
  return { ...program, slots, initial, procedures };
}

/** The loop of the network, which also stores its output. */
function keepingOutput(loop: Stage | undefined, slots: Map<string, Slot>): Stage {
  if (!loop?.output) {
    throw new RangeError(
      "The learning rule does not say what the network puts out at a step (describeOutput): a task cannot go on from it",
    );
  }
  const { shape, hasBatchAxis } = loop.output;
  const slot = slots.get(outputSlot) ?? {
    name: outputSlot,
    kind: "state",
    shape,
    hasBatchAxis,
    hasTimeAxis: false,
    hasChunkAxis: false,
  };
  slots.set(outputSlot, slot);
  return { ...loop, stores: [...loop.stores, { slot, value: loop.output }] };
}

/**
 * One step of the loop. What the loop keeps of every step goes to slots of one step: nobody reads it, and backends
 * need not keep the tape of the loop for all sequences at once.
 */
function singleStep(loop: Stage, slots: Map<string, Slot>): Stage {
  const stores = loop.stores.map((store) => {
    if (store.slot.kind !== "tape") return store;
    const name = `loop/${store.slot.name}`;
    const slot = slots.get(name) ?? { ...store.slot, name, hasTimeAxis: false };
    slots.set(name, slot);
    return { ...store, slot };
  });
  return { ...loop, loop: "one", segments: undefined, stores };
}

/** The inputs that the output of a step depends on, at once or some steps later. */
export function inputsBehind(program: Program, procedure: Playable): Set<string> {
  const [{ stores, output }] = program.procedures.get(partsOf(procedure).step) as readonly [Stage];
  const behind = new Set<Slot>();
  const visit = (values: readonly Value[]) => {
    for (const { operation } of reachable(values)) {
      if (operation.op !== "load" || behind.has(operation.slot)) continue;
      behind.add(operation.slot);
      visit(stores.filter(({ slot }) => slot === operation.slot).map(({ value }) => value));
    }
  };
  visit([output!]);
  return new Set([...behind].filter(({ kind }) => kind === "input").map(({ name }) => name));
}
