/** The workload of the published comparison of GPUs. */
import { published } from "../../bench/workloads.ts";
import { threeDigits } from "./markdown_table.ts";
import type { Session } from "./measured_rows.ts";
import { checkWorkloads, type Effort } from "./workloads.ts";

/** Prints its times, and which part of its floor it reaches. */
export async function checkPublished(
  session: Session,
  { until, effort }: { until: number; effort: Effort },
) {
  const { name } = published;
  const checked = await checkWorkloads(session, {
    title: "The published workload: one training iteration",
    text:
      "Three layers of 1024 units, 16 sequences of 7 symbols and 7 steps, learned at every step. Published for " +
      "an H100: 53 iterations a second, 118 fused by hand; its bandwidth allows 548 where the fast weights of " +
      "every sequence move at each step. Here their history moves instead.",
    names: [name],
    until,
    effort,
  });
  const facts = checked.measured.get(name);
  if (facts) {
    const [reached, floor] = [facts.ms, facts.floorBytes / effort.bandwidth];
    const part = threeDigits(100 * floor / reached);
    session.print(
      `${threeDigits(1e3 / reached)} iterations a second, of ${
        threeDigits(1e3 / floor)
      } that the floor allows: ` +
        `${part}% of the floor is reached.\n`,
    );
  }
  return checked;
}
