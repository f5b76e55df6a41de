/** Collects the statements of a lane: those of each visit of its loop, and those around the loop. */
import { type IndexSymbol, type Position, symbolOf } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { Elements } from "./elements.ts";
import type { Touch } from "./traffic.ts";

/** Statements, and the names that they define. Names of a visit are not seen outside it. */
interface Block {
  readonly lines: string[];
  readonly names: Map<string, string>;
  /** How many times a lane runs the statements. */
  readonly times: number;
}

/** A lane that is being written. */
export interface LaneWriter {
  /** Gives a value a name: in the innermost open loop that its position depends on, else in the lane. */
  bind(text: string, position: Position): string;
  /** Gives the element of a place a name. */
  load(place: Place, position: Position): string;
  /** The text of an element of a place that the lane reads where it uses the text. */
  element(place: Place, position: Position): string;
  /** Writes an element of a place; with `test`, where that holds. */
  store(place: Place, position: Position, value: { text: string; test?: string | undefined }): void;
  /** The name that was remembered under a key, if code at this position sees it. */
  recall(key: string, position: Position): string | undefined;
  /** Keeps a name for `recall`. */
  remember(key: string, position: Position, name: string): void;
  /** Appends a statement to the open visit, else to the open turn, else to the lane. */
  push(line: string): void;
  /** Opens a visit of the loop that a lane makes `times` times. @returns the statements that `body` writes in it. */
  visit(times: number, body: () => void): string[];
  /**
   * Opens a turn of a loop around all visits, which counts a symbol up to `times`. What does not depend on the symbol
   * is written before the loop. @returns the statements that `body` writes in the turn.
   */
  turn(symbol: IndexSymbol, times: number, body: () => void): string[];
  /** All statements outside of visits so far. */
  readonly lines: readonly string[];
  /** What the statements so far read and write. */
  readonly touches: readonly Touch[];
}

const isInsideLoop = ({ element, sequence, time }: Position): boolean =>
  [...element, sequence, time].some((index) => symbolOf(index)?.kind === "loop");

const dependsOn = ({ element, sequence, time }: Position, symbol: IndexSymbol): boolean =>
  [...element, sequence, time].some((index) => symbolOf(index) === symbol);

const emptyBlock = (times: number): Block => ({ lines: [], names: new Map(), times });

/** Begins a lane without statements. */
export function createLaneWriter(elements: Elements): LaneWriter {
  const lane = emptyBlock(1);
  const touches: Touch[] = [];
  let open = lane;
  let turn: { readonly symbol: IndexSymbol; readonly block: Block } | undefined;
  let count = 0;
  function blockOf(position: Position): Block {
    if (isInsideLoop(position)) return open;
    return turn && dependsOn(position, turn.symbol) ? turn.block : lane;
  }
  /** The statements that are written while a block is the innermost. */
  function inside(block: Block, body: () => void): string[] {
    const outer = open;
    open = block;
    body();
    open = outer;
    return block.lines;
  }
  function bind(text: string, position: Position): string {
    const name = `x${count++}`;
    blockOf(position).lines.push(`let ${name} = ${text};`);
    return name;
  }
  function element(place: Place, position: Position): string {
    const { text, level } = elements.read(place, position);
    touches.push({ place, position, level, kind: "load", times: blockOf(position).times });
    return text;
  }
  return {
    lines: lane.lines,
    touches,
    bind,
    element,
    load: (place, position) => bind(element(place, position), position),
    store(place, position, { text, test }) {
      for (const { text: target, level } of elements.written(place, position)) {
        touches.push({ place, position, level, kind: "store", times: open.times });
        const line = `${target} = ${text};`;
        open.lines.push(test && level !== "register" ? `if (${test}) { ${line} }` : line);
      }
    },
    recall: (key, position) => blockOf(position).names.get(key),
    remember: (key, position, name) => void blockOf(position).names.set(key, name),
    push: (line) => void open.lines.push(line),
    visit: (times, body) => inside(emptyBlock(times * open.times), body),
    turn(symbol, times, body) {
      turn = { symbol, block: emptyBlock(times) };
      const lines = inside(turn.block, body);
      turn = undefined;
      return lines;
    },
  };
}
