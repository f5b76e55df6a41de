/** Arrays of Slurm that hold all shards, of which each has an end. */

export interface SlurmArray {
  /** What is added to the number of a task to make the number of its shard. */
  readonly offset: number;
  /** Numbers of tasks as `sbatch --array` reads them: `1-24`, `3,7-9`. */
  readonly tasks: string;
}

/**
 * The arrays for these shards.
 *
 * @param shards from 1, ascending.
 * @param options.maxArraySize Slurm's MaxArraySize: the numbers of tasks are below it.
 */
export function slurmArrays(
  shards: readonly number[],
  { maxArraySize }: { maxArraySize: number },
): SlurmArray[] {
  const groups = Map.groupBy(shards, (shard) => Math.floor(shard / maxArraySize) * maxArraySize);
  return [...groups].map(([offset, group]) => ({
    offset,
    tasks: rangesText(group.map((shard) => shard - offset)),
  }));
}

/** Such as "1-3,7" for 1, 2, 3 and 7. */
function rangesText(numbers: readonly number[]): string {
  const ranges: [first: number, last: number][] = [];
  for (const number of numbers) {
    const range = ranges.at(-1);
    if (range && number === range[1] + 1) range[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([first, last]) => first === last ? `${first}` : `${first}-${last}`).join(",");
}
