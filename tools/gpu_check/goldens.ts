/** Golden cases on the GPU, fused and split. */
import { basename } from "node:path";
import type { GoldenFacts } from "./measure/golden.ts";
import { type Measured, printMeasured, type Session, type Turn } from "./measured_rows.ts";
import { runMeasurement, withoutResult } from "./run_measurement.ts";

const lowerings = ["fused", "split"] as const;

/** Prints the worst relative RMS error of each case. @returns whether all are right. */
export const checkGoldens = (
  session: Session,
  { files, until }: { files: readonly string[]; until: number },
): Promise<boolean> =>
  printMeasured(session, {
    title: "Golden cases: largest relative RMS error",
    columns: ["case", ...lowerings],
    items: files,
    until,
    nameOf: (file) => basename(file, ".safetensors"),
    measure: measureGolden,
  });

/** Both at once: nothing is timed. */
async function measureGolden(path: string, turn: Turn): Promise<Measured> {
  const both = await Promise.all(lowerings.map(async (lowering): Promise<Measured> => {
    const { facts, ...end } = await runMeasurement<GoldenFacts>("golden", { path, lowering }, turn);
    if (facts.error === undefined) return withoutResult(end, turn);
    const error = facts.error.toExponential(1);
    return { cells: [facts.passed ? error : `**${error}, FAIL**`], passed: facts.passed! };
  }));
  return {
    cells: both.flatMap(({ cells }) => cells),
    passed: both.every(({ passed }) => passed),
  };
}
