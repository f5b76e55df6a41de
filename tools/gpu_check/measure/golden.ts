/** A golden case on the GPU. */
import { webgpuBackend } from "../../../core/backends/webgpu/webgpu.ts";
import type { LoweringChoice } from "../../../core/schedule/lowering.ts";
import { readGolden } from "../../parity/golden.ts";
import { runParity } from "../../parity/run_parity.ts";
import type { Say } from "./say.ts";

/** What is said of a golden case. */
export interface GoldenFacts {
  /** The largest relative RMS of a tensor. */
  readonly error: number;
  readonly passed: boolean;
}

/** @throws DamagedFileError and RangeError as `readGolden` and `runParity`. */
export async function measureGolden(
  say: Say,
  { path, lowering }: { path: string; lowering: LoweringChoice },
): Promise<void> {
  using backend = await webgpuBackend({ allowSoftware: true, lowering });
  const rows = await runParity(readGolden(path, await Deno.readFile(path)), backend);
  say({
    error: Math.max(...rows.map(({ error }) => error)),
    passed: rows.every(({ passed }) => passed),
  });
}
