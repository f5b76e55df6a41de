/** An examination as lines for a terminal. */
import { formatShare } from "./format.ts";
import type { Examination, NetworkExamination } from "../analysis/examine/examination.ts";
import { pooled } from "../analysis/examine/pooled.ts";
import { mean } from "../analysis/examine/recall.ts";
import { countOfShare } from "../tasks/count_of_share.ts";

export function examinationLines({ updates, networks }: Examination): string[] {
  const points = [...new Set(networks.map(({ point }) => point))]
    .map((point) => networks.filter((network) => network.point === point));
  return [
    `networks after ${updates} updates: ${networks.map(({ label }) => label).join("; ")}`,
    ...points.flatMap((replicas) => {
      const lines = pointLines(replicas);
      // Means are taken over the seeds of a point, never over points.
      if (points.length === 1) return lines;
      const labels = replicas.map(({ label }) => label).join("; ");
      return [`${labels}:`, ...lines.map((line) => `  ${line}`)];
    }),
  ];
}

/** Lines of one point of a sweep: networks that differ only in their seeds. */
function pointLines(networks: readonly NetworkExamination[]): string[] {
  const { cues, basins, neurons } = networks[0]!;
  return [
    `exact fixed points: ${share(pooled(networks.map(({ fixed }) => fixed)))} of the memories`,
    ...cues.map(({ kind, level }, index) => {
      const recalls = networks.map((network) => network.cues[index]!);
      const what = kind === "clean" ? "shown" : `shown with ${kind} of ${level}`;
      return `${what}: retention ${
        formatShare(mean(recalls.map(({ retention }) => retention)))
      }, ` +
        `exact ${share(pooled(recalls.map(({ exact }) => exact)))}`;
    }),
    ...basins.map(({ flips }, index) => {
      const exact = pooled(networks.map((network) => network.basins[index]!.exact));
      const bits = `${countOfShare(flips, neurons)} of ${neurons} bits`;
      return `${Math.round(100 * flips)}% of the first state flipped, ${bits}: exact ${
        share(exact)
      } ` +
        `(95% interval over ${exact.over} ${formatShare(exact.low)} to ${
          formatShare(exact.high)
        }, ` +
        `${exact.count} of ${exact.of})`;
    }),
    ...networks.map(({ label, stable }) =>
      `${label}, from ${stable.starts} random states: ` +
      ([["memory", "memories"], ["inverse", "inverses"], ["spurious", "spurious states"]] as const)
        .map(([kind, words]) => `${words} ${stable[kind].states} (${stable[kind].starts} starts)`)
        .join(", ") +
      `; not settled: ${stable.starts - stable.settled} starts`
    ),
  ];
}

const share = ({ share }: { share: number | null }): string =>
  share === null ? "none" : formatShare(share);
