import assert from "node:assert/strict";
import { mock } from "node:test";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { readExamination } from "../../analysis/examine/examination.ts";
import { main } from "../main.ts";

async function run(...args: string[]) {
  const out = mock.method(console, "log", () => {});
  const err = mock.method(console, "error", () => {});
  const text = ({ mock: { calls } }: typeof out) =>
    calls.map((call) => (call.arguments as unknown[]).join(" ")).join("\n");
  try {
    const code = await main(args);
    return { code, out: text(out), err: text(err) };
  } finally {
    out.mock.restore();
    err.mock.restore();
  }
}

Deno.test(
  "a trained run is examined, and what cannot be is refused in a line",
  inTemporaryFolder(async (folder) => {
    const path = `${folder}/run`;
    const small = [
      "task.neurons=16",
      "task.memories=2",
      "task.steps=20",
      "task.presentation_steps=5",
    ];
    const settings = [...small, "training.iterations=40"].flatMap((setting) => ["--set", setting]);
    const trained = await run(
      "train",
      ...["--model", "attractor", "--device", "cpu", "--threads", "1", "--seeds", "1,2"],
      ...["--out", path, "--progress", "none"],
      ...settings,
    );
    assert.equal(trained.code, 0, trained.err);
    const short = ["--tries", "10", "--starts", "10", "--device", "cpu", "--threads", "1"];
    const { code, out } = await run("examine", path, ...short);
    assert.equal(code, 0);
    assert.match(out, /^networks after \d+ updates: seed 1; seed 2$/m);
    assert.match(out, /^10% of the first state flipped, 2 of 16 bits: exact .* of 20\)$/m);
    const examination = readExamination(path)!;
    assert.deepEqual(examination.networks.map(({ seed }) => seed), [1, 2]);
    Deno.writeTextFileSync(`${path}/examination.json`, '{"version": 2, "updates": "x"}');
    assert.throws(() => readExamination(path), { name: "DamagedFileError" });
    Deno.writeTextFileSync(`${path}/examination.json`, '{"version": 0}');
    assert.equal(readExamination(path), undefined);
    const refused = await run("examine", folder, ...short);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /^error: cannot read .*no config\.json\)$/);
  }),
);
