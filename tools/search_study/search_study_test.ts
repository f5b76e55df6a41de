import assert from "node:assert/strict";
import { mean } from "../../core/numerics/statistics.ts";
import { compareSearches, medians } from "../../studies/search/testing/training_to_find.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { keptRows, seeds as networkSeeds, trainLattice } from "./key_recall.ts";
import { problems } from "./problems.ts";
import { searchTable, seeds } from "./search_table.ts";

const comparisons = Object.fromEntries(
  Object.entries(problems).map(([name, problem]) => [name, compareSearches(problem, seeds)]),
);

for (const [name, comparison] of Object.entries(comparisons)) {
  Deno.test(`${name}: TPE and ASHA find what the grid finds with at most half of its training`, () => {
    const { TPE, ASHA, "TPE with ASHA": both } = medians(comparison);
    for (const share of [TPE, ASHA, both]) {
      assert.ok(share! <= 0.5, JSON.stringify(medians(comparison)));
    }
  });
}

Deno.test("the table of docs/sweeps.md is what searches need", () => {
  const page = Deno.readTextFileSync(new URL("../../docs/sweeps.md", import.meta.url));
  for (const line of searchTable()) assert.ok(page.includes(`${line}\n`), line);
});

Deno.test(
  "trainings of key recall have the losses of the stored table",
  inTemporaryFolder(async (folder) => {
    const clips = [100, 1000];
    const [table] = await trainLattice({
      "updater.learning_rate": [0.0533],
      "model.plast_clip": clips,
      "model.forget_rate": [0.1],
      "model.hidden_size": [8],
    }, { out: folder, progress: "none" });
    const { scoreAt } = problems["key recall"]!;
    clips.forEach((clip, point) => {
      const losses = table!.points[point]!;
      assert.equal(losses.length, networkSeeds.length);
      const values = {
        ...{ "updater.learning_rate": 0.0533, "model.plast_clip": clip },
        ...{ "model.forget_rate": 0.1, "model.hidden_size": 8 },
      };
      keptRows.forEach((row, index) => {
        const loss = mean(losses.map((seed) => seed[index]!));
        const stored = scoreAt(values, row);
        // Other processors round otherwise, and a training may enlarge that.
        assert.ok(Math.abs(loss - stored) < 0.05, `${clip}, row ${row}: ${loss}, not ${stored}`);
      });
    });
  }),
);
