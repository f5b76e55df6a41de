/** Collects the statements of a lane: those of each visit of its loop, and those around the loop. */
import { type Position, symbolOf } from "../../schedule/index.ts";

/** Statements, and the names that they define. Names of a visit are not seen outside it. */
interface Block {
  readonly lines: string[];
  readonly names: Map<string, string>;
}

/** A lane that is being written. */
export interface LaneWriter {
  /** Gives a value a name: in the open visit if its position depends on a loop, else in the lane. */
  bind(text: string, position: Position): string;
  /** The name that was remembered under a key, if code at this position sees it. */
  recall(key: string, position: Position): string | undefined;
  /** Keeps a name for `recall`. */
  remember(key: string, position: Position, name: string): void;
  /** Appends a statement to the open visit, else to the lane. */
  push(line: string): void;
  /** Opens a visit of the loop. @returns the statements that `body` writes in it. */
  visit(body: () => void): string[];
  /** All statements outside of visits so far. */
  readonly lines: readonly string[];
}

const isInsideLoop = ({ element, sequence, time }: Position): boolean =>
  [...element, sequence, time].some((index) => symbolOf(index)?.kind === "loop");

const emptyBlock = (): Block => ({ lines: [], names: new Map() });

/** Begins a lane without statements. */
export function createLaneWriter(): LaneWriter {
  const lane = emptyBlock();
  let open = lane;
  let count = 0;
  const blockOf = (position: Position) => isInsideLoop(position) ? open : lane;
  return {
    lines: lane.lines,
    bind(text, position) {
      const name = `x${count++}`;
      blockOf(position).lines.push(`let ${name} = ${text};`);
      return name;
    },
    recall: (key, position) => blockOf(position).names.get(key),
    remember: (key, position, name) => void blockOf(position).names.set(key, name),
    push: (line) => void open.lines.push(line),
    visit(body) {
      open = emptyBlock();
      body();
      const { lines } = open;
      open = lane;
      return lines;
    },
  };
}
