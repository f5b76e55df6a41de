import assert from "node:assert/strict";
import { join } from "node:path";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { simulateRun } from "../store/index/testing/simulated_run.ts";
import { followCurves } from "./run_curves.ts";
import { writeLog } from "./testing/write_log.ts";

const append = (folder: string, text: string) =>
  Deno.writeTextFileSync(join(folder, "metrics.jsonl"), text, { append: true });

Deno.test(
  "curves: mean and range over networks, on training and held-out sequences, as the log grows",
  inTemporaryFolder((folder) => {
    simulateRun(folder, { settings: ["training.seeds=1,2"] });
    const curves = followCurves(folder);
    assert.deepEqual(curves.of("loss"), { names: [], isSampled: false, stretch: 1, curves: [] });
    writeLog(folder, { to: 1 });
    append(folder, '{"iteration":2,"sequences":8,"seconds":0.2,"plastic/norm":[1,"NaN"]');
    const { names, curves: [heldOut, train] } = curves.of("loss");
    assert.deepEqual(names, ["loss", "accuracy"]);
    assert.deepEqual([heldOut!.split, train!.split], ["eval", "train"]);
    assert.deepEqual(train, {
      split: "train",
      clocks: { iteration: [1], sequences: [4], seconds: [0.1] },
      lines: [{ label: "", mean: [2.5], low: [2], high: [3] }],
    });
    append(folder, ',"train/loss":["NaN","Infinity"]}\n');
    assert.deepEqual(curves.of("loss").curves[1]!.lines, [
      { label: "", mean: [2.5, null], low: [2, null], high: [3, null] },
    ]);
    // One network that is finite is no range.
    assert.deepEqual(curves.of("plastic/norm").curves, [{
      split: "",
      clocks: { iteration: [2], sequences: [8], seconds: [0.2] },
      lines: [{ label: "", mean: [1] }],
    }]);
    append(folder, "no row\n");
    assert.throws(() => curves.of("loss"), DamagedFileError);
  }),
);

Deno.test(
  "curves: each point of a sweep has a line, and many points have one together",
  inTemporaryFolder((folder) => {
    const draw = (name: string, sweep: string, networks: number) => {
      const run = join(folder, name);
      simulateRun(run, { settings: ["training.seeds=1,2", `training.sweep=${sweep}`] });
      writeLog(run, { to: 1, networks });
      return followCurves(run).of("loss").curves[1]!.lines;
    };
    assert.deepEqual(draw("few", "updater.learning_rate=0.1,0.2", 4), [
      { label: "learning rate 0.1", mean: [2.5], low: [2], high: [3] },
      { label: "learning rate 0.2", mean: [4.5], low: [4], high: [5] },
    ]);
    const rates = Array.from({ length: 30 }, (_, index) => (index + 1) / 100).join();
    assert.deepEqual(draw("many", `updater.learning_rate=${rates}`, 60), [
      { label: "", mean: [31.5], low: [2], high: [61] },
    ]);
  }),
);

Deno.test(
  "curves: of a long log no peak is lost, and few points are sent",
  inTemporaryFolder((folder) => {
    simulateRun(folder);
    writeLog(folder, { to: 5000, networks: 1 });
    append(folder, '{"iteration":5001,"sequences":1,"seconds":1,"train/loss":77}\n');
    writeLog(folder, { from: 5001, to: 9000, networks: 1 });
    const { curves: [, train], stretch, isSampled } = followCurves(folder).of("loss");
    const { mean } = train!.lines[0]!;
    assert.ok(mean.includes(77) && mean.length <= 602, `${mean.length} points`);
    assert.ok(stretch > 1 && !isSampled);
    assert.deepEqual([train!.clocks.iteration[0], train!.clocks.iteration.at(-1)], [1, 9000]);
  }),
);

Deno.test(
  "curves of a million rows are read in less than a second, and then as they come",
  inTemporaryFolder((folder) => {
    simulateRun(folder);
    writeLog(folder, { to: 1_000_000, networks: 1 });
    const times: number[] = [];
    // The least of several: others may use the machine.
    for (let attempt = 0; attempt < 3; attempt++) {
      const start = performance.now();
      const curves = followCurves(folder);
      const first = curves.of("loss");
      times.push(performance.now() - start);
      assert.ok(first.isSampled);
      const iterations = first.curves[0]!.clocks.iteration;
      assert.deepEqual([iterations[0], iterations.at(-1)], [1, 1_000_000 + attempt]);
      writeLog(folder, { from: 1_000_000 + attempt, to: 1_000_001 + attempt, networks: 1 });
      const again = curves.of("accuracy").curves[0]!.clocks.iteration;
      assert.equal(again.at(-1), 1_000_001 + attempt);
    }
    assert.ok(Math.min(...times) < 1000, `${times.map(Math.round)} ms`);
  }),
);
