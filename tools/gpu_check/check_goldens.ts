/** Golden cases on the GPU, fused and split. */
import { basename } from "node:path";
import { webgpuBackend } from "../../core/backends/webgpu/webgpu.ts";
import { readGolden } from "../parity/golden.ts";
import { runParity } from "../parity/run_parity.ts";
import { markdownTable } from "./markdown_table.ts";

/** The worst relative RMS error of each case, as a table. */
export async function checkGoldens(
  files: readonly string[],
  { leftMs }: { leftMs: () => number },
): Promise<{ table: string; passed: boolean }> {
  let passed = true;
  const cells = new Map(files.map((file) => [file, [basename(file, ".safetensors")]]));
  const lowerings = ["fused", "split"] as const;
  for (const lowering of lowerings) {
    using backend = await webgpuBackend({ allowSoftware: true, lowering });
    for (const file of files) {
      if (leftMs() <= 0) {
        cells.get(file)!.push("not checked, the time is up");
        continue;
      }
      const rows = await runParity(readGolden(file, await Deno.readFile(file)), backend);
      const isRight = rows.every((row) => row.passed);
      const worst = Math.max(...rows.map(({ error }) => error)).toExponential(1);
      cells.get(file)!.push(isRight ? worst : `**${worst}, FAIL**`);
      passed &&= isRight;
    }
  }
  return { table: markdownTable(["case", ...lowerings], [...cells.values()]), passed };
}
