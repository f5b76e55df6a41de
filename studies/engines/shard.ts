/** A share of a list of jobs: what one task of a cluster works on. */
import { quote } from "../../config/plain_text.ts";
import { UsageError } from "../../config/usage_error.ts";

export interface Shard {
  /** From 1. */
  readonly number: number;
  /** How many shards there are. */
  readonly of: number;
}

/** A shard as typed: `3/24`. @throws UsageError if there is none of this name. */
export function readShard(text: string): Shard {
  const [, number, of] = /^(\d{1,9})\/(\d{1,9})$/.exec(text) ?? [];
  const shard = { number: Number(number), of: Number(of) };
  if (shard.number >= 1 && shard.number <= shard.of) return shard;
  throw new UsageError(
    `--shard: expected a number and how many there are, such as 3/24, got ${quote(text)}`,
  );
}

/** How many shards hold so many jobs. */
export const shardCount = (jobs: number, perShard: number): number => Math.ceil(jobs / perShard);

/** The jobs of a shard, neighbours in the list. Sizes of two shards differ by one job at most. */
export function shardOf<J>(jobs: readonly J[], { number, of }: Shard): J[] {
  const start = (shard: number) => Math.floor(shard * jobs.length / of);
  return jobs.slice(start(number - 1), start(number));
}
