/** A model with noise through the commands that train, judge and draw it. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { decodeCheckpoint } from "../store/files/checkpoint_format.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";

const ownFolder = new URL("../examples/own/", import.meta.url);
const files = ["noisy.ts", "familiarity.ts"] as const;
const code = ["--model", files[0], "--task", files[1]];
const settings = ["--hidden=4", "--bits=5", "--steps=8", "--device=cpu", "--threads=1"];
const often = ["--checkpoint-every=10", "--log-every=7", "--test-sequences=20", "--progress=none"];

/** The network of `examples/own`, with noise on its hidden units, also where it is judged. */
function writeFiles(folder: string): void {
  const model = Deno.readTextFileSync(new URL("hebbff.ts", ownFolder));
  const noisy = model
    .replace("{ fast }, { x }) {", "{ fast }, { x }, { hidden }, random) {")
    .replace("x), b));", "x), b, mul(0.5, random.normal(hidden))));");
  assert.equal(noisy.match(/random/g)?.length, 2);
  Deno.writeTextFileSync(join(folder, files[0]), noisy);
  Deno.copyFileSync(new URL(files[1], ownFolder), join(folder, files[1]));
}

Deno.test(
  "noise: a resumed run has the same bits, and a network is judged the same every time",
  inTemporaryFolder(async (folder) => {
    writeFiles(folder);
    const succeeds = async (...args: string[]) => {
      const result = await runHebb(args, { folder });
      assert.equal(result.code, 0, result.stderr);
      return result;
    };
    const run = (out: string, iterations: number) =>
      succeeds("train", ...code, ...settings, ...often, `--iterations=${iterations}`, "--out", out);
    await Promise.all([run("whole", 33), run("part", 21)]);
    await succeeds("train", "--resume", "part", ...code, ...often, "--iterations=33");
    const tensors = (out: string) => {
      const path = join(folder, out, "checkpoints/step-000000000033.safetensors");
      return decodeCheckpoint(Deno.readFileSync(path), path).tensors;
    };
    assert.deepEqual(tensors("part"), tensors("whole"));
    assert.ok(![...tensors("whole").keys()].some((name) => name.startsWith("random/")));

    const judge = () => succeeds("evaluate", "whole", ...code, "--sequences=30");
    const [first, again] = [await judge(), await judge()];
    assert.equal(again.stdout, first.stdout);
    await succeeds("visualize", "whole", ...code);
  }),
);
