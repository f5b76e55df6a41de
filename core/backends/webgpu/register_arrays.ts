/**
 * Registers of a lane as variables. Many are arrays, so that loops can move them from and to memory: a compiler for a CPU
 * takes long for many accesses to memory, each of which it prints as a loop over lanes. It also
 * compares all uses of an array with each other, so an array is short, unless loops go over its elements.
 */

/** Registers that are variables of their own, at most, and those of an array. */
const [MOST_SINGLE, MOST_OF_ARRAY] = [32, 40];

/** The registers of a place. */
export interface Registers {
  readonly name: string;
  readonly count: number;
  /** Whether they are one array, whose elements are named by the text of their numbers. */
  readonly isWhole: boolean;
}

/** Registers that are moved together. */
export interface RegisterArray {
  /** The number of the first, and how many. */
  readonly first: number;
  readonly length: number;
}

/** The arrays of registers; undefined: each is a variable. */
export function arraysOf({ count, isWhole }: Omit<Registers, "name">): RegisterArray[] | undefined {
  if (isWhole) return [{ first: 0, length: count }];
  if (count <= MOST_SINGLE) return undefined;
  const length = Math.ceil(count / Math.ceil(count / MOST_OF_ARRAY));
  return Array.from({ length: Math.ceil(count / length) }, (_, index) => ({
    first: index * length,
    length: Math.min(length, count - index * length),
  }));
}

/** A register, by its number. */
export function registerText(registers: Registers, register: number): string {
  const { name } = registers;
  const arrays = arraysOf(registers);
  if (!arrays) return `${name}_${register}`;
  const array = arrays.findLastIndex(({ first }) => first <= register);
  return countedRegister(registers, array, `${register - arrays[array]!.first}`);
}

/** A register of one of the arrays, by the text of its number there. */
export const countedRegister = ({ name }: Registers, array: number, number: string): string =>
  `${name}_${array}[${number}]`;

/** Declares registers. */
export function declareRegisters(registers: Registers): string[] {
  const { name, count } = registers;
  const arrays = arraysOf(registers);
  if (arrays) {
    return arrays.map(({ length }, index) => `var ${name}_${index} = array<f32, ${length}>();`);
  }
  return Array.from({ length: count }, (_, register) => `var ${name}_${register} = 0.0f;`);
}
