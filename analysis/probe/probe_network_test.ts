import assert from "node:assert/strict";
import { referenceBackend } from "../../core/backends/reference/reference.ts";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { frameStride, viewOf } from "../../report/visualization/network_view.ts";
import { type Probe, probeNetwork } from "./probe_network.ts";
import { firstReplica, writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { readNetworks } from "./stored_networks.ts";
import { plasticTable } from "../../report/visualization/tables.ts";

async function probe(folder: string, level: string, scenes?: number): Promise<Probe> {
  const config = writeSampleRun(folder, { levels: [1, 3] });
  const [network] = readNetworks(folder, { config, level, ...firstReplica(config) });
  return await probeNetwork(network!, { config, backend: referenceBackend(), scenes });
}

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const near = (actual: number, expected: number, what: string) =>
  assert.ok(Math.abs(actual - expected) < 1e-5, `${what}: ${actual}, expected ${expected}`);

Deno.test(
  "a probe holds what the equations of the network give, scene by scene",
  inTemporaryFolder(async (folder) => {
    const { parameters, states, observed, inputs, steps, start, scenes, output } = await probe(
      folder,
      "3",
    );
    assert.deepEqual([steps, scenes?.length, scenes?.[0]?.start], [48, 12, start]);
    const of = (list: readonly { name: string; values: ArrayLike<number> }[], name: string) =>
      list.find((series) => series.name === name)!.values;
    const w = of(parameters, "weight_matrix_list.0"), eta = of(parameters, "eta_matrix_list.0");
    const keep = sigmoid(of(parameters, "lambda_list.0")[0]!);
    const p = of(states, "plastic_0"), effective = of(observed, "effective_0");
    const hidden = of(observed, "hidden_0");
    const size = 6 * 7;
    for (let step = 1; step < steps; step++) {
      for (let i = 0; i < size; i++) {
        const before = p[(step - 1) * size + i]!;
        near(effective[step * size + i]!, w[i]! * before + w[i]!, "effective weight");
        const [post, pre] = [Math.floor(i / 7), i % 7];
        const learned = eta[i]! * hidden[step * 6 + post]! * inputs["frame"]![step * 7 + pre]!;
        near(p[step * size + i]!, keep * before + learned, "plastic weight");
      }
    }
    const last = of(observed, "hidden_1"), readout = of(parameters, "w_final");
    let logit = of(parameters, "b_final")[0]!;
    for (let unit = 0; unit < 4; unit++) {
      logit += readout[unit]! * last[(steps - 1) * 4 + unit]!;
    }
    near(output.values[steps - 1]!, logit, "logit");
  }),
);

Deno.test(
  "a view turns a probe into matrices, activity, probabilities and judged frames",
  inTemporaryFolder(async (folder) => {
    const result = await probe(folder, "1", 8);
    const view = viewOf(result, { stride: 5 });
    const sizes = (list: readonly { name: string; rows: number; columns: number }[]) =>
      list.map(({ name, rows, columns }) => `${name} ${rows}x${columns}`);
    assert.deepEqual(sizes(view.weights), [
      "weight_matrix_list.0 6x7",
      "weight_matrix_list.1 4x6",
      "w_final 1x4",
    ]);
    assert.deepEqual(sizes(view.rates), ["eta_matrix_list.0 6x7", "eta_matrix_list.1 4x6"]);
    assert.deepEqual(sizes(view.activities), ["hidden_0 6x32", "hidden_1 4x32"]);
    assert.deepEqual(view.frames, [1, 6, 11, 16, 21, 26, 31]);
    assert.deepEqual(sizes(view.series), [
      "plastic_0 6x7",
      "effective_0 6x7",
      "plastic_1 4x6",
      "effective_1 4x6",
    ]);
    const hidden = result.observed.find(({ name }) => name === "hidden_0")!.values;
    assert.equal(view.activities[0]!.values[2 * 32 + 9], Math.fround(hidden[9 * 6 + 2]!));
    const p = result.states.find(({ name }) => name === "plastic_1")!.values;
    const drawn = view.series.find(({ name }) => name === "plastic_1")!.values;
    assert.equal(drawn.length, 7 * 24);
    assert.equal(drawn[2 * 24 + 5], Math.fround(p[11 * 24 + 5]!));
    assert.deepEqual(view.judged.map(({ step }) => step), [3, 7, 11, 15, 19, 23, 27, 31]);
    for (const { step, target, isRight } of view.judged) {
      near(view.probabilities.values[step]!, sigmoid(result.output.values[step]!), "probability");
      assert.equal(isRight, Number(result.output.values[step]! >= 0) === target);
    }
    const repeats = result.scenes!.map(({ isRepeat }) => Number(isRepeat));
    assert.deepEqual(view.judged.map(({ target }) => target), repeats);
    assert.equal(frameStride([result]), 1);
    assert.equal(frameStride([result, result], 32 * 2 * (42 + 24)), 2);
  }),
);

Deno.test(
  "the table of plastic layers holds λ, what it keeps, and η",
  inTemporaryFolder(async (folder) => {
    const result = await probe(folder, "1");
    const table = plasticTable(result)!;
    const lambda = result.parameters.find(({ name }) => name === "lambda_list.1")!.values[0]!;
    const [layer, kind, value, kept, rates] = table.rows[1]!;
    assert.deepEqual([layer, kind], ["1", "additive"]);
    assert.equal(value, String(Number(lambda.toPrecision(4))));
    assert.equal(kept, String(Number(sigmoid(lambda).toPrecision(4))));
    assert.match(rates!, /^4 × 6, mean -?\d.* sd \d/);
  }),
);
