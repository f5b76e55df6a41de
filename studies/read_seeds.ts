/** Reads a list of seeds that was typed. */
import { quote } from "../config/plain_text.ts";
import { mostReplicas, trainingConfig } from "../config/run_config.ts";
import { UsageError } from "../config/usage_error.ts";

/** Seeds as typed: numbers and ranges, `1,2,5-10`. @throws UsageError */
export function readSeeds(text: string): number[] {
  const refuse = () =>
    new UsageError(
      `--seeds: expected integers from 0 to 4294967295 or ranges such as 1-10, with commas between, got ` +
        quote(text),
    );
  const seeds = new Set<number>();
  for (const part of text.split(",")) {
    const [, first, last = first] = /^\s*(\d+)(?:\s*-\s*(\d+))?\s*$/.exec(part) ?? [];
    const count = Number(last) - Number(first) + 1;
    if (first === undefined || !(count >= 1) || seeds.size + count > mostReplicas) throw refuse();
    for (let seed = Number(first); seed <= Number(last); seed++) {
      if (seeds.has(seed)) throw new UsageError(`--seeds: ${seed} is given twice`);
      seeds.add(seed);
    }
  }
  const parsed = trainingConfig.shape.seeds.safeParse([...seeds]);
  if (!parsed.success) throw refuse();
  return parsed.data;
}
