/**
 * Registers of a lane as variables. Many are arrays, so that loops can move them from and to memory: a compiler for a CPU
 * takes long for many accesses to memory, each of which it prints as a loop over lanes. It also
 * compares all uses of an array with each other, so an array is short.
 */

/** Registers that are variables of their own, at most, and those of an array. */
const [MOST_SINGLE, MOST_OF_ARRAY] = [32, 40];

/** Registers that are moved together. */
export interface RegisterArray {
  /** The number of the first, and how many. */
  readonly first: number;
  readonly length: number;
}

/** The arrays of so many registers; undefined: each is a variable. */
export function arraysOf(count: number): RegisterArray[] | undefined {
  if (count <= MOST_SINGLE) return undefined;
  const length = Math.ceil(count / Math.ceil(count / MOST_OF_ARRAY));
  return Array.from({ length: Math.ceil(count / length) }, (_, index) => ({
    first: index * length,
    length: Math.min(length, count - index * length),
  }));
}

/** A register, by its number; as text where the number is a variable that counts from the first of its array. */
export function registerText(
  name: string,
  count: number,
  register: number,
  counter?: string,
): string {
  const arrays = arraysOf(count);
  if (!arrays) return `${name}_${register}`;
  const array = arrays.findLastIndex(({ first }) => first <= register);
  return `${name}_${array}[${counter ?? register - arrays[array]!.first}]`;
}

/** Declares the registers of a name. */
export function declareRegisters(name: string, count: number): string[] {
  const arrays = arraysOf(count);
  if (arrays) {
    return arrays.map(({ length }, index) => `var ${name}_${index} = array<f32, ${length}>();`);
  }
  return Array.from({ length: count }, (_, register) => `var ${name}_${register} = 0.0f;`);
}
