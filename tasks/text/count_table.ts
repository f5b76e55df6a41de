/** Counts by whole numbers up to 2^53: a table with open addressing, many times as fast as a Map. */

const empty = -1;

/** Counts of several things under each key. */
export class CountTable {
  #keys = new Float64Array(1 << 12).fill(empty);
  #counts: Uint32Array;
  #size = 0;

  /** @param columns things that are counted under a key. */
  constructor(readonly columns: number) {
    this.#counts = new Uint32Array(columns << 12);
  }

  /** The count of a key, 0 if there is none. */
  get(key: number, column: number): number {
    const place = this.#placeOf(key);
    return this.#keys[place] === key ? this.#counts[place * this.columns + column]! : 0;
  }

  /** Counts one more. @returns the count before. */
  increase(key: number, column: number): number {
    let place = this.#placeOf(key);
    if (this.#keys[place] !== key) {
      if (2 * ++this.#size > this.#keys.length) {
        this.#grow();
        place = this.#placeOf(key);
      }
      this.#keys[place] = key;
    }
    return this.#counts[place * this.columns + column]!++;
  }

  /** Where a key is, or would be. */
  #placeOf(key: number): number {
    const keys = this.#keys;
    const mask = keys.length - 1;
    const mixed = Math.imul(key % 4294967291 ^ key / 4294967296, 0x9e3779b1);
    let place = (mixed ^ mixed >>> 15) & mask;
    while (keys[place] !== key && keys[place] !== empty) place = place + 1 & mask;
    return place;
  }

  #grow(): void {
    const [keys, counts] = [this.#keys, this.#counts];
    this.#keys = new Float64Array(2 * keys.length).fill(empty);
    this.#counts = new Uint32Array(2 * counts.length);
    keys.forEach((key, place) => {
      if (key === empty) return;
      const to = this.#placeOf(key);
      this.#keys[to] = key;
      for (let column = 0; column < this.columns; column++) {
        this.#counts[to * this.columns + column] = counts[place * this.columns + column]!;
      }
    });
  }
}
