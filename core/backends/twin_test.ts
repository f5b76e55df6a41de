/** Every program on every backend gives the numbers of the float64 reference. */
import { models } from "../../models/mod.ts";
import { updaters } from "../../updaters/mod.ts";
import { assertTwins, trainOn } from "../testing/twin.ts";
import { twinCases } from "../testing/twin_cases.ts";
import { referenceBackend } from "./reference/reference.ts";
import { webgpuBackend } from "./webgpu/webgpu.ts";

const cases = twinCases({ models, updaters });
const reference = referenceBackend();

for (const lowering of ["split", "fused"] as const) {
  Deno.test(`webgpu ${lowering} trains as the reference does`, async (t) => {
    const backend = await webgpuBackend({ allowSoftware: true, lowering });
    for (const { name, program, seeds, symbols } of cases) {
      await t.step(name, async () => {
        const expected = await trainOn(reference, program, { seeds, symbols });
        const actual = await trainOn(backend, program, { seeds, symbols });
        assertTwins(actual, expected, { bound: 1e-5, what: name });
      });
    }
    backend.close();
  });
}
