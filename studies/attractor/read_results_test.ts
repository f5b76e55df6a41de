/** What is read from the folders of runs: which run of a seed counts, and what became of it. */
import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { type SampleRun, writeSampleRun } from "../testing/sample_run.ts";
import { attractorConfigurations } from "./configurations.ts";
import { readResults } from "./results.ts";
import { outcomeText } from "./texts.ts";

const find = (name: string) =>
  attractorConfigurations.find((configuration) => configuration.name === name)!;
const configurations = [find("single-margin")];
const [configuration] = configurations as [typeof configurations[number]];

const write = (
  folder: string,
  { seeds, ...run }: Omit<SampleRun, "configuration" | "passedAt"> & { seeds: readonly number[] },
) =>
  writeSampleRun(folder, {
    ...{ configuration, seeds, iterations: configuration.iterations },
    ...{ passedAt: seeds.map(() => []), ...run },
  });

function read(out: string) {
  const problems: string[] = [];
  const problem = (line: string) => void problems.push(line.replaceAll(out, "OUT"));
  const { points: [point] } = readResults(out, { configurations, problem });
  return { point: point!, problems };
}

const reached = (updates: readonly number[]) => ({
  "goal/reached": updates.map((count) => count > 0 ? 1 : 0),
  "goal/updates": updates,
});

Deno.test(
  "an unfinished run of one seed does not hide a finished one of all, nor the other way round",
  inTemporaryFolder((out) => {
    write(`${out}/single-margin-seed-1`, { seeds: [1], updates: 10, endReason: null });
    write(`${out}/single-margin-seeds-1-2`, {
      ...{ seeds: [1, 2], updates: 26, metrics: reached([25, 26]) },
    });
    write(`${out}/single-margin-seed-2`, {
      ...{ seeds: [2], updates: 300, endReason: "unconverged", metrics: reached([0]) },
    });
    const { point, problems } = read(out);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      point.networks.map((
        { seed, outcome, updates, runUpdates },
      ) => [seed, outcome, updates, runUpdates]),
      [[1, "converged", 25, 26], [2, "not converged", 300, 300]],
    );
  }),
);

for (
  const [endReason, outcome] of [
    ["unconverged", "not converged"],
    ["preempted", "stopped"],
    ["completed", "stopped"],
    [null, "training"],
  ] as const
) {
  Deno.test(
    `a run without its goal that ended as ${endReason ?? "nothing yet"} is ${outcome}`,
    inTemporaryFolder((out) => {
      write(`${out}/single-margin-seed-1`, {
        ...{ seeds: [1], updates: 120, endReason, metrics: reached([0]) },
      });
      assert.deepEqual(read(out).point.networks.map((network) => network.outcome), [outcome]);
    }),
  );
}

Deno.test(
  "a network that diverged is told with its update, and those beside it with what they reached",
  inTemporaryFolder((out) => {
    const folder = `${out}/single-margin-seeds-1-3`;
    const run = { seeds: [1, 2, 3], updates: 30, metrics: reached([25, 0, 26]) };
    write(folder, { ...run, diverged: [{ replica: 1, iteration: 4, names: ["w"] }] });
    const { point } = read(out);
    assert.deepEqual(
      point.networks.map(({ outcome, updates }) => [outcome, updates]),
      [["converged", 25], ["diverged", 4], ["converged", 26]],
    );
    assert.equal(outcomeText(point), "2 of 3, seed 2 diverged at update 4");
    Deno.removeSync(folder, { recursive: true });
    write(folder, { seeds: [1, 2, 3], updates: 6, endReason: "diverged" });
    assert.equal(outcomeText(read(out).point), "all 3 seeds diverged at update 6");
  }),
);

Deno.test(
  "a damaged or stale examination is left out, the training stays",
  inTemporaryFolder((out) => {
    const folder = `${out}/single-margin-seed-1`;
    write(folder, { seeds: [1], updates: 26, metrics: reached([26]) });
    const examination = { version: 2, updates: 20, device: "cpu", networks: [] };
    for (
      const [text, why] of [
        ["{", /^examination left out: .*examination\.json: is not valid JSON.*$/],
        [JSON.stringify(examination), /^examination left out: .*: after 20 updates, .* done 26$/],
      ] as const
    ) {
      Deno.writeTextFileSync(`${folder}/examination.json`, text);
      const { point: { networks: [network] }, problems } = read(out);
      assert.equal(network!.outcome, "converged");
      assert.equal(network!.examination, undefined);
      assert.equal(problems.length, 1);
      assert.match(problems[0]!, why);
    }
  }),
);
