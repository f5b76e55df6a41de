/** The workload of the published comparison of GPUs. */
import { published } from "../../bench/workloads.ts";
import { threeDigits } from "./markdown_table.ts";
import type { Session } from "./measured_rows.ts";
import type { WorkloadFacts } from "./measure/workload.ts";
import { checkWorkloads, type Effort } from "./workloads.ts";

/** Prints its times, and which part of its floor it reaches. */
export async function checkPublished(
  session: Session,
  { measured, ...given }: { until: number; effort: Effort; measured: Map<string, WorkloadFacts> },
): Promise<boolean> {
  const { name } = published;
  const passed = await checkWorkloads(session, {
    title: "The published workload: one training iteration",
    text:
      "Three layers of 1024 units, 16 sequences of 7 symbols and 7 steps, learned at every step. Published for " +
      "an H100: 53 iterations a second, 118 fused by hand; its bandwidth allows 548 where the fast weights of " +
      "every sequence move at each step. Here their history moves instead.",
    names: [name],
    measured,
    ...given,
  });
  const facts = measured.get(name);
  if (facts) {
    const [reached, floor] = [facts.ms, facts.floorBytes / given.effort.bandwidth];
    const part = threeDigits(100 * floor / reached);
    session.print(
      `${threeDigits(1e3 / reached)} iterations a second, of ${
        threeDigits(1e3 / floor)
      } that the floor allows: ` +
        `${part}% of the floor is reached.\n`,
    );
  }
  return passed;
}
