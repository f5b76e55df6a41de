/** An examination as lines for a terminal. */
import { formatShare } from "../report/format.ts";
import type { Examination, Recall } from "./examination.ts";
import { mean, proportion } from "./recall.ts";

export function examinationLines({ updates, networks }: Examination): string[] {
  const fixed = networks.map((each) => each.fixed);
  const { cues, basins } = networks[0]!;
  const share = ({ share }: { share: number | null }) =>
    share === null ? "none" : formatShare(share);
  return [
    `networks after ${updates} updates: ${networks.map(({ label }) => label).join("; ")}`,
    `exact fixed points: ${share(pooled(fixed))} of the memories`,
    ...cues.map(({ kind, level }, index) => {
      const own = networks.map((network) => network.cues[index]!);
      const what = kind === "clean" ? "shown" : `shown with ${kind} of ${level}`;
      return `${what}: retention ${formatShare(mean(own.map((one) => one.retention)))}, ` +
        `exact ${share(pooledExact(own))}`;
    }),
    ...basins.map(({ flips }, index) => {
      const exact = pooledExact(networks.map((network) => network.basins[index]!));
      return `${Math.round(100 * flips)}% of the first state flipped: exact ${share(exact)} ` +
        `(95% interval ${formatShare(exact.low)} to ${formatShare(exact.high)}, ` +
        `${exact.count} of ${exact.of})`;
    }),
    ...networks.map(({ label, stable }) =>
      `${label}, from ${stable.starts} random states: ` +
      (["memory", "inverse", "spurious"] as const)
        .map((kind) => `${stable[kind].states} ${kind} (${stable[kind].starts} starts)`).join(", ")
    ),
  ];
}

/** Of all networks together. */
export function pooled(all: readonly { readonly count: number; readonly of: number }[]) {
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  return proportion(sum(all.map(({ count }) => count)), sum(all.map(({ of }) => of)));
}

export const pooledExact = (all: readonly Recall[]) => pooled(all.map(({ exact }) => exact));
