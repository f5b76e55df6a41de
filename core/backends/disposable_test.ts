import assert from "node:assert/strict";
import { languagePrograms } from "../testing/language_programs.ts";
import { cpuBackend } from "./cpu/cpu.ts";
import { openBackend } from "./open_backend.ts";
import { referenceBackend } from "./reference/reference.ts";

const [{ program }] = languagePrograms() as [ReturnType<typeof languagePrograms>[number]];

Deno.test("using: an engine is closed at the end of its block, also by an error", async () => {
  for (const backend of [referenceBackend(), cpuBackend({ threads: 2, forceThreads: true })]) {
    let closed = 0;
    await assert.rejects(async () => {
      using engine = await backend.prepare(program, { chunk: 1 });
      const { close } = engine;
      engine.close = () => {
        closed++;
        close();
      };
      throw new Error("as expected");
    }, /^Error: as expected$/);
    assert.equal(closed, 1, backend.name);
  }
});

Deno.test("using: an opened device closes its backend", async () => {
  let closed = 0;
  {
    using device = await openBackend({ device: "reference" });
    device.backend.close = () => closed++;
  }
  assert.equal(closed, 1);
});
