/** The slot of a slow weight's running average, in a program that judges averaged networks. */
export const averageSlot = (name: string): string => `average/${name}`;

/**
 * The slot that holds a parameter of the network that is judged: its average, where there is one.
 *
 * @param slots slots or tensors, by name.
 */
export const judgedSlot = (slots: { has(name: string): boolean }, name: string): string =>
  slots.has(averageSlot(name)) ? averageSlot(name) : name;
