/**
 * Checkpoints of back-propagation through time (Chen et al., 2016): the forward loop stores the state before each
 * segment of S steps, and no tape. On the way back each segment runs again from its checkpoint, which makes a
 * tape of S steps. With S = sqrt(T) the memory grows with sqrt(T), and the network runs forward twice.
 */
import type { Node } from "../program/node.ts";
import type { ProgramBuilder, StageBuilder } from "../program/program.ts";
import { transplanter } from "../program/transplant.ts";

/** States by the name of their slot. */
type States = Readonly<Record<string, Node>>;

/** The slots of a state. */
const slotsOf = (procedure: string, state: string) => ({
  /** The state before each segment. */
  checkpoint: `${procedure}/checkpoint/${state}`,
  /** The state while a segment runs again; the state itself stays what it is after the last step. */
  replay: `${procedure}/replay/${state}`,
});

/** Before a segment: stores its checkpoint. */
export function storeCheckpoint(
  stage: StageBuilder,
  { builder, procedure, state }: { builder: ProgramBuilder; procedure: string; state: States },
): void {
  for (const [name, { shape }] of Object.entries(state)) {
    const { checkpoint } = slotsOf(procedure, name);
    const axes = { hasBatchAxis: true, hasTimeAxis: true, room: "eachSegment" } as const;
    builder.slot(checkpoint, { kind: "tape", shape, ...axes });
    stage.store(checkpoint, stage.load(name));
  }
}

/** Before a segment runs again: goes back to its checkpoint. */
export function restore(
  stage: StageBuilder,
  { builder, procedure, state }: { builder: ProgramBuilder; procedure: string; state: States },
): void {
  for (const [name, { shape }] of Object.entries(state)) {
    const { checkpoint, replay } = slotsOf(procedure, name);
    builder.slot(replay, { kind: "state", shape, hasBatchAxis: true });
    stage.store(replay, stage.load(checkpoint));
  }
}

/**
 * Runs a step again. It stores the state after it, and nothing that is counted.
 *
 * @returns how to find a value of the forward step in the stage.
 * @throws RangeError if the step reads a state that it does not give, so that no checkpoint has it.
 */
export function replay(
  stage: StageBuilder,
  { procedure, state, nextState }: { procedure: string; state: States; nextState: States },
): (node: Node) => Node {
  const given = new Set(Object.keys(state));
  const move = transplanter(stage.graph, ({ operation }) => {
    if (operation.op !== "load" || operation.slot.kind !== "state") return undefined;
    const { name } = operation.slot;
    if (given.has(name)) return stage.load(slotsOf(procedure, name).replay);
    throw new RangeError(`The step reads the state "${name}", but gives no gradient through it`);
  });
  for (const [name, node] of Object.entries(nextState)) {
    stage.store(slotsOf(procedure, name).replay, move(node));
  }
  return move;
}
