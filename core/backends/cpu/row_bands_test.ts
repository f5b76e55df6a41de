/** Products with a large shared matrix, which all sequences read a band of rows at a time. */
import type { Backend } from "../backend.ts";
import { cpuBackend } from "./cpu.ts";
import { referenceBackend } from "../reference/reference.ts";
import { matmul, matvec } from "../../program/language.ts";
import { prepareStage } from "../../testing/evaluate_stage.ts";
import { assertNear } from "../../testing/relative_rms.ts";

/** Rows and columns that no block divides. */
const [rows, inner] = [261, 257];

for (const columns of [1, 7, 8, 13, 21]) {
  for (const threads of [1, 2]) {
    Deno.test(`cpu: row bands, a product with ${columns} columns, ${threads} threads`, async () => {
      const run = async (backend: Backend) => {
        const inputs = {
          a: { shape: [rows, inner] },
          b: { shape: [inner, columns], hasBatchAxis: true },
          x: { shape: [inner], hasBatchAxis: true },
        } as const;
        const extents = { replicas: 2, sequences: 3, steps: 1 };
        const stage = await prepareStage(
          inputs,
          ({ a, b, x }) => ({ product: matmul(a, b), vector: matvec(a, x) }),
          { extents, backend },
        );
        const results = await stage.run();
        stage.engine.close();
        backend.close();
        return results;
      };
      const expected = await run(referenceBackend());
      for (const [what, actual] of await run(cpuBackend({ threads }))) {
        assertNear(actual, expected.get(what)!, { bound: 1e-6, what });
      }
    });
  }
}
