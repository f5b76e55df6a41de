/** Moves registers of the lanes of a subgroup from and to memory. */
import { describeShape, type Shape } from "../../axes.ts";
import { lanePosition, type Position, symbolIndex, symbols } from "../../schedule/index.ts";
import type { Place } from "../../schedule/pass.ts";
import type { MemoryPlan } from "../memory_plan.ts";
import { elementText } from "./address.ts";
import { holderOf } from "./elements.ts";
import { indent } from "./kernel_text.ts";
import { arraysOf, countedRegister, type Registers, registerText } from "./register_arrays.ts";
import type { SubgroupLayout } from "./subgroup_layout.ts";
import type { Touch } from "./traffic.ts";

/** A place, and the name of its registers. */
export interface Named {
  readonly place: Place;
  readonly name: string;
}

/** Statements that move all registers of places: loops, where they are arrays. */
export function moveRegisters(
  places: readonly Named[],
  kind: Touch["kind"],
  { layout, memory }: { layout: SubgroupLayout; memory: MemoryPlan },
): string[] {
  const byShape = Map.groupBy(places, ({ place }) => describeShape(holderOf(place).shape));
  return [...byShape.values()].flatMap((some) => {
    const { shape } = holderOf(some[0]!.place);
    const owned = layout.ownedBy(shape);
    const move = (
      { position, test }: typeof owned[number],
      textOf: (registers: Registers) => string,
    ) =>
      some.map(({ name, place }) => {
        const register = textOf(layout.registersOf(name, shape));
        const element = elementText(memory, place, position);
        if (kind === "load") return `${register} = ${element};`;
        const line = `${element} = ${register};`;
        return test ? `if (${test}) { ${line} }` : line;
      });
    const arrays = arraysOf(layout.registersOf("", shape));
    if (!arrays) {
      return owned.flatMap((element, register) =>
        move(element, (registers) => registerText(registers, register))
      );
    }
    return arrays.flatMap(({ first, length }, array) => {
      const { statements, ...element } = countedElement(shape, layout, `(m + ${first}u)`);
      return [
        `for (var m = 0u; m < ${length}u; m += 1u) {`,
        ...indent([
          ...statements,
          ...move(element, (registers) => countedRegister(registers, array, "m")),
        ]),
        "}",
      ];
    });
  });
}

/** The element in the register that has a number, the statements that define its position, and a test. */
function countedElement(
  shape: Shape,
  layout: SubgroupLayout,
  number: string,
): { position: Position; statements: string[]; test: string | undefined } {
  const { lanes, rows, columns } = layout.gridOf(shape);
  const owned = [rows, columns] as const;
  const sides = shape.length === 2 ? shape : [1, shape[0]!];
  const names = [symbols.row, symbols.column];
  const counts = [`${number} / ${columns.length}u`, `${number} % ${columns.length}u`];
  const statements = names.flatMap(({ name }, axis) => [
    `let ${name}_any = ${owned[axis]![0]!.name}_first + ${counts[axis]} * ${lanes[axis]}u;`,
    `let ${name} = min(${name}_any, ${sides[axis]! - 1}u);`,
  ]);
  const isCovered = owned.every((some, axis) => some.length * lanes[axis]! === sides[axis]);
  const element = names.slice(2 - shape.length).map((symbol) => symbolIndex(symbol));
  const test = names.map(({ name }) => `${name} == ${name}_any`).join(" && ");
  return {
    position: { ...lanePosition(0), element },
    statements,
    test: isCovered ? undefined : test,
  };
}
