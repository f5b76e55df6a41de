/** Where the running average of a slow weight is kept, of a program that judges averaged networks. */
export const averageSlot = (name: string): string => `average/${name}`;

/**
 * What holds a parameter of the network that is judged: its average, where there is one.
 *
 * @param known slots or tensors, by name.
 */
export const judgedSlot = (known: { has(name: string): boolean }, name: string): string =>
  known.has(averageSlot(name)) ? averageSlot(name) : name;
