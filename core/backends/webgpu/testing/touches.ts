/** Who has read and written the elements of an array, and which of this is a race. */

/** Elements that lanes of a workgroup, or workgroups, touch before they wait for each other. */
export class Touches {
  /** The only one who reads an element; NaN: several do. */
  readonly #readers = new Map<string, number>();
  readonly #writers = new Map<string, number>();

  /** @returns whether another one writes this element. */
  read(element: string, who: number): boolean {
    const reader = this.#readers.get(element) ?? who;
    this.#readers.set(element, reader === who ? who : NaN);
    return (this.#writers.get(element) ?? who) !== who;
  }

  /** @returns whether another one reads or writes this element. */
  write(element: string, who: number): boolean {
    const others = [this.#writers.get(element), this.#readers.get(element)];
    this.#writers.set(element, who);
    return others.some((other) => other !== undefined && other !== who);
  }

  /** All have waited for all: what they have read is read. */
  endReads(): void {
    this.#readers.clear();
  }

  /** All see what all have written. */
  endWrites(): void {
    this.#writers.clear();
  }
}
