import assert from "node:assert/strict";
import { join } from "node:path";
import { removeStaleFiles } from "./temporary_file.ts";
import { listCheckpoints, readLatestCheckpoint } from "./checkpoint.ts";
import { spawnDeno } from "./testing/run_deno.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const script = "./write_checkpoints.ts";

/** Reads lines of step numbers; the last complete one is the last write that returned. */
async function readSteps(stream: ReadableStream<Uint8Array>, onFirst: () => void): Promise<number> {
  let text = "";
  for await (
    const chunk of stream.pipeThrough(
      new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>,
    )
  ) {
    if (text === "") onFirst();
    text += chunk;
  }
  return Number(text.split("\n").at(-2) ?? NaN);
}

/** The newest checkpoint, which must be whole and consistent without any fallback. */
function readWhole(folder: string) {
  const warnings: string[] = [];
  const checkpoint = readLatestCheckpoint(folder, { warn: (message) => warnings.push(message) });
  assert.deepEqual(warnings, []);
  assert.equal(checkpoint.tensors.get("counter")?.data[0], checkpoint.iteration);
  assert.ok(checkpoint.tensors.get("w")?.data.every((value) => value === checkpoint.iteration));
  return checkpoint;
}

Deno.test(
  "checkpoint: killed at any moment, what a write returned for is there and verifies",
  inTemporaryFolder(async (folder) => {
    let first = 1;
    for (let round = 0; round < 10; round++) {
      const child = spawnDeno(script, { folder, args: [folder, String(first)] });
      const kill = () => void setTimeout(() => child.kill("SIGKILL"), Math.random() * 60);
      const [returned, , { signal }] = await Promise.all([
        readSteps(child.stdout, kill),
        child.stderr.cancel(),
        child.status,
      ]);
      assert.equal(signal, "SIGKILL");
      const { iteration } = readWhole(folder);
      assert.ok(
        iteration === returned || iteration === returned + 1,
        `${iteration} after ${returned} returned`,
      );
      first = iteration + 1;
    }
    removeStaleFiles(join(folder, "checkpoints"));
    // Two to keep, and one more when the last kill came between a rename and the retention.
    const names = [...Deno.readDirSync(join(folder, "checkpoints"))].map(({ name }) => name);
    assert.ok(names.length >= 2 && names.length <= 3, names.join());
    assert.equal(listCheckpoints(folder).length, names.length);
  }),
);

for (
  const { stage, expected } of [
    { stage: "written", expected: 1 },
    { stage: "synced", expected: 1 },
    { stage: "renamed", expected: 2 },
  ]
) {
  Deno.test(
    `checkpoint: a process that ends after "${stage}" leaves a whole checkpoint`,
    inTemporaryFolder(async (folder) => {
      const child = spawnDeno(script, { folder, args: [folder, "1", stage] });
      const { code, stderr } = await child.output();
      assert.equal(code, 9, new TextDecoder().decode(stderr));
      assert.equal(readWhole(folder).iteration, expected);
      assert.equal(
        removeStaleFiles(join(folder, "checkpoints")).length,
        stage === "renamed" ? 0 : 1,
      );
    }),
  );
}
