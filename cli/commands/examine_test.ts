import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { readExamination } from "../../analysis/examine/examination.ts";
import { runMain } from "../testing/run_main.ts";

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
    const trained = await runMain(
      "train",
      ...["--model", "attractor", "--device", "cpu", "--threads", "1", "--seeds", "1,2"],
      ...["--out", path, "--progress", "none"],
      ...settings,
    );
    assert.equal(trained.code, 0, trained.err);
    const short = ["--tries", "10", "--starts", "10", "--device", "cpu", "--threads", "1"];
    const { code, out } = await runMain("examine", path, ...short);
    assert.equal(code, 0);
    assert.match(out, /^networks after \d+ updates: seed 1; seed 2$/m);
    assert.match(out, /^10% of the first state flipped, 2 of 16 bits: exact .* of 20\)$/m);
    const examination = readExamination(path)!;
    assert.deepEqual(examination.networks.map(({ seed }) => seed), [1, 2]);
    Deno.writeTextFileSync(`${path}/examination.json`, '{"version": 2, "updates": "x"}');
    assert.throws(() => readExamination(path), { name: "DamagedFileError" });
    Deno.writeTextFileSync(`${path}/examination.json`, '{"version": 0}');
    assert.equal(readExamination(path), undefined);
    const refused = await runMain("examine", folder, ...short);
    assert.equal(refused.code, 2);
    assert.match(refused.err, /^error: cannot read .*no config\.json\)$/);
  }),
);
