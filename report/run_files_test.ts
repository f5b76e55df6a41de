import assert from "node:assert/strict";
import { parseRunFiles, readRunFiles } from "./run_files.ts";
import { sampleRun } from "./testing/sample_run.ts";

Deno.test("parseRunFiles drops a torn last line and refuses a torn line before it", () => {
  const config = "{}";
  const torn = parseRunFiles({ config, metrics: '{"iteration":1}\n\n{"iterat' });
  assert.deepEqual([torn.metrics.count, torn.metrics.last], [1, new Map([["iteration", [1]]])]);
  assert.throws(
    () => parseRunFiles({ config, metrics: '{"iterat\n{"iteration":2}\n' }),
    /^DamagedFileError: metrics\.jsonl:1: is not JSON/,
  );
});

Deno.test("parseRunFiles reads non-finite numbers, alone and in replicas", () => {
  const metrics = '{"a":"NaN","b":[1,"-Infinity",null],"c":"text"}';
  const { last } = parseRunFiles({ config: "{}", metrics }).metrics;
  assert.deepEqual(last, new Map([["a", [NaN]], ["b", [1, -Infinity, NaN]]]));
});

Deno.test("parseRunFiles reads a matrix from numbers and from base64 alike", () => {
  const values = [1, -2, 3, 0.5, 0, 6];
  const base64 = new Uint8Array(Float32Array.from(values).buffer).toBase64();
  const matrix = (values: unknown) => ({ name: "w", rows: 2, columns: 3, values });
  const figures = JSON.stringify({ matrices: [matrix(values), matrix(base64)] });
  const read = parseRunFiles({ config: "{}", figures }).figures.matrices;
  assert.deepEqual(read.map((matrix) => [...matrix.values]), [values, values]);
});

Deno.test("parseRunFiles says which file and field is wrong", () => {
  const config = "{}";
  const figures = (matrix: unknown) => JSON.stringify({ matrices: [matrix] });
  assert.throws(
    () =>
      parseRunFiles({ config, figures: figures({ name: "w", rows: 2, columns: 2, values: [1] }) }),
    /^DamagedFileError: figures\.json: matrices\.0: values must hold rows \* columns numbers/,
  );
  assert.throws(
    () =>
      parseRunFiles({ config, figures: figures({ name: "w", rows: 1, columns: 1, values: "?" }) }),
    /^DamagedFileError: figures\.json: matrices\.0\.values: expected base64/,
  );
  assert.throws(
    () => parseRunFiles({ config, status: '{"iterations":"many"}' }),
    /^DamagedFileError: status\.json: iterations: expected a number, got "many"/,
  );
  assert.throws(
    () => parseRunFiles({ config: "[" }),
    /^DamagedFileError: config\.json: is not valid JSON/,
  );
});

Deno.test("readRunFiles reads a folder, needs config.json alone, and says so", async () => {
  const folder = await Deno.makeTempDir();
  try {
    assert.throws(() => readRunFiles(folder), /^UsageError: .* is not the folder of a run/);
    const texts = sampleRun();
    await Deno.writeTextFile(`${folder}/config.json`, texts.config);
    assert.equal(readRunFiles(folder).metrics.count, 0);
    await Deno.writeTextFile(`${folder}/environment.json`, texts.environment ?? "");
    await Deno.writeTextFile(`${folder}/status.json`, texts.status ?? "");
    await Deno.writeTextFile(`${folder}/metrics.jsonl`, texts.metrics ?? "");
    await Deno.writeTextFile(`${folder}/figures.json`, texts.figures ?? "");
    assert.deepEqual(readRunFiles(folder), parseRunFiles(texts));
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});
