/** Intervals over networks of one configuration, which share nothing but it. */
import { clusteredShareInterval } from "./clustered.ts";
import { type Interval, meanInterval } from "./statistics.ts";

/**
 * 95 % interval of where other networks will have their mean: of an amount Student's t; of a share that of answers
 * which come in networks (`clusteredShareInterval`), so that it stays within 0 and 1, and networks that are all right
 * leave room. Undefined for fewer than two networks.
 *
 * @param values of each network.
 * @param options.sequences that each share was measured on, at least one answer each.
 * @example
 * intervalOverNetworks([1, 1, 1, 1, 1], { isShare: true, sequences: 1000 }); // 0.57 to 1
 */
export function intervalOverNetworks(
  values: readonly number[],
  { isShare, sequences }: { isShare: boolean; sequences: number },
): Interval | undefined {
  if (!isShare || values.length < 2) return meanInterval(values);
  return clusteredShareInterval(
    values.map((share) => ({ above: share * sequences, below: sequences })),
  );
}
