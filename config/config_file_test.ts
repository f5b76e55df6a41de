import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readConfigFile } from "./config_file.ts";
import { errorLine } from "./error_line.ts";
import { resolveConfig } from "./resolve_config.ts";

/** Resolves the settings of a file with this content. */
async function resolved(folder: string, name: string, content: string | Uint8Array) {
  const path = join(folder, name);
  if (typeof content === "string") Deno.writeTextFileSync(path, content);
  else Deno.writeFileSync(path, content);
  return resolveConfig(await readConfigFile(path)).config;
}

async function refusal(folder: string, name: string, content: string | Uint8Array) {
  const error = await resolved(folder, name, content).then(() => undefined, (error) => error);
  assert.ok(error instanceof Error, `${name} is accepted`);
  assert.equal(error.name, "UsageError", error.stack);
  const line = errorLine(error);
  assert.ok(line.length <= 300, `a line of ${line.length} characters`);
  // deno-lint-ignore no-control-regex
  assert.doesNotMatch(line, /[\u0000-\u001f\u007f-\u009f]/);
  return line;
}

const refused: [name: string, content: string | Uint8Array, line: RegExp][] = [
  [
    "twice.json",
    '{"model": {"hidden_size": 8, "hidden_size": 9}}',
    /"hidden_size" is given twice$/,
  ],
  [
    "twice.yaml",
    "model:\n  hidden_size: 8\n  hidden_size: 9",
    /"hidden_size" is given twice \(line 3\)$/,
  ],
  ["cycle.yaml", "training: &t {seeds: *t}", /at most 64 groups or lists inside each other$/],
  ["deep.json", `{"a": ${"[".repeat(5000)}${"]".repeat(5000)}}`, /at most 64 groups/],
  ["deep.yaml", `a: ${"[".repeat(5000)}${"]".repeat(5000)}`, /at most 64 groups/],
  ["merge.yaml", "model: &m 3\ntask:\n  <<: *m", /"<<": expected a group .* \(line 3\)$/],
  ["itself.yaml", "model: &m\n  <<: *m", /"<<": expected a group of settings before it/],
  [
    "doubled.yaml",
    "x-0: &a0 {a: 1}\n" +
    Array.from({ length: 60 }, (_, n) => `x-${n + 1}: &a${n + 1} {<<: [*a${n}, *a${n}]}`).join(
      "\n",
    ),
    /it has more than 1000000 parts$/,
  ],
  ["merges.yaml", "x-a: &a {}\ntask:\n  <<: *a\n  <<: *a", /"<<" is given twice \(line 4\)$/],
  ["merged.yaml", "x-a: &a {hidden: 3}\nmodel: {<<: *a}", /model\.hidden: .* no setting "hidden"/],
  ["old.yaml", "%YAML 1.1\n---\ntraining: {seeds: [010]}", /YAML 1\.1: expected YAML 1\.2$/],
  ["tag.yaml", "model: !!js/function 1", /Unresolved tag: .* \(line 1\)$/],
  ["key.yaml", "? {a: 1}\n: 2", /a key is a group or list, expected a name \(line 1\)$/],
  ["twice.toml", "[model]\nhidden_size = 8\nhidden_size = 9", /redefine .* \(line 3\)$/],
  ["group.toml", "[model]\n[model]", /redefine .* \(line 2\)$/],
  ["open.toml", "\n[model", /\(line 2\)$/],
  ["date.toml", "[model]\nhidden_size = 2020-01-01", /"2020-01-01" is a date, expected a text/],
  ["nan.toml", "[updater]\nlearning_rate = nan", /expected a finite number, got NaN$/],
  ["deep.toml", `a = ${"[".repeat(5000)}${"]".repeat(5000)}`, /levels|deep|at most 64/],
  ["key.toml", "[model]\nhiden_size = 8", /model\.hiden_size: .*did you mean hidden_size/],
  [
    "type.toml",
    '[model]\nhidden_size = "8"',
    /model\.hidden_size: expected a number, got "8"/,
  ],
  ["alias.yaml", "model: *nothing", /Unresolved alias/],
  ["two.yaml", "a: 1\n---\na: 2", /several documents, expected one$/],
  ["nan.yaml", "updater: {learning_rate: .nan}", /expected a finite number, got NaN$/],
  ["large.yaml", "updater: {learning_rate: 1e400}", /expected a finite number, got Infinity$/],
  ["large.json", '{"updater": {"learning_rate": -1e400}}', /finite number, got -Infinity$/],
  ["list.json", '{"training": {"seeds": [1, 1e400]}}', /finite number, got Infinity$/],
  ["octal.yaml", "training: {seeds: [0b11]}", /expected a number, got "0b11"$/],
  ["under.yaml", "training: {iterations: 1_000}", /expected a number, got "1_000"$/],
  ["latin.json", new Uint8Array([0x7b, 0xff, 0x7d]), /it is not UTF-8 text$/],
  [
    "escape.json",
    '{"\\u001b[2J\\u009b\\u202e": {}}',
    /no section is named "\\u001b\[2J\\u009b\\u202e"/,
  ],
  [
    "name.json",
    `{"task": {"name": "${"x".repeat(5_000_000)}"}}`,
    /No task is named "xxx.*\w; a file of your own ends in \.ts or \.js$/,
  ],
  ["name.yaml", `model: {name: ${"x".repeat(500_000)}}`, /no model is named "xxx.*there are/],
  ["key.json", `{"model": {"${"x".repeat(5_000_000)}": 1}}`, /model\.xxx.*has no setting "xxx/],
  [
    "value.json",
    `{"model": {"hidden_size": "${"x".repeat(5_000_000)}"}}`,
    /expected a number, got "xxx/,
  ],
  ["section.json", `{"${"x".repeat(5_000_000)}": {}}`, /no section is named "xxx.*sections are/],
];

for (const [name, content, line] of refused) {
  Deno.test({
    name: `readConfigFile: ${name} is refused in one plain line`,
    fn: inTemporaryFolder(async (folder) => {
      assert.match(await refusal(folder, name, content), line);
    }),
  });
}

Deno.test({
  name: "readConfigFile: TOML and YAML with merged groups say what JSON says",
  fn: inTemporaryFolder(async (folder) => {
    const json = await resolved(
      folder,
      "a.json",
      '{"model": {"name": "hybrid", "hidden_dims": [8, 9]}, "updater": {"learning_rate": 1e-3}, ' +
        '"training": {"seeds": [1, 2], "sweep": {"updater.l2": [0, 1e-4]}}}',
    );
    const toml = `#:schema ./hebb.schema.json
model.name = "hybrid"
model.hidden_dims = [8, 9]
updater = { learning_rate = 1e-3 }
[training]
seeds = [
  0x1,
  2,
]
[training.sweep]
"updater.l2" = [0.0, 1e-4]
`;
    assert.deepEqual(await resolved(folder, "a.toml", toml), json);
    const yaml = `x-small: &small { name: hybrid, hidden_dims: [8, 8] }
x-rates: &rates { learning_rate: 1e-2, l2: 0 }
model:
  <<: *small
  hidden_dims: [8, 9]
updater:
  <<: [{ learning_rate: 1e-3 }, *rates]
training: { seeds: [1, 2], sweep: { updater.l2: [0, 1e-4] } }
`;
    assert.deepEqual(await resolved(folder, "a.yaml", yaml), json);
  }),
});

Deno.test({
  name: "readConfigFile: 60,000 unknown settings are refused at once",
  fn: inTemporaryFolder(async (folder) => {
    const keys = Array.from({ length: 60_000 }, (_, index) => `k${index}`);
    const entries = Object.fromEntries(keys.map((key) => [key, 1]));
    const started = performance.now();
    const json = JSON.stringify({ model: entries });
    assert.match(await refusal(folder, "model.json", json), /has no setting "k0"/);
    const sweep = JSON.stringify({ training: { sweep: entries } });
    assert.match(await refusal(folder, "sweep.json", sweep), /expected a list of values, got 1$/);
    const seconds = (performance.now() - started) / 1000;
    // It took a minute when each key asked for the schemas of every preset; the bound is for slow machines.
    assert.ok(seconds < 10, `${seconds} s for two files`);
  }),
});

Deno.test({
  name: "readConfigFile: what is too large, a folder or a device is refused before it is read",
  ignore: Deno.build.os === "windows",
  fn: inTemporaryFolder(async (folder) => {
    const path = join(folder, "a.json");
    Deno.writeTextFileSync(path, "");
    Deno.truncateSync(path, 2 ** 40);
    await assert.rejects(readConfigFile(path), /is of 1048576 MB, expected at most 16$/);
    Deno.removeSync(path);
    Deno.symlinkSync("/dev/zero", path);
    await assert.rejects(readConfigFile(path), /is a pipe, socket or device, expected a file$/);
    Deno.removeSync(path);
    Deno.mkdirSync(path);
    await assert.rejects(readConfigFile(path), /is a folder, expected a file$/);
    await assert.rejects(readConfigFile(join(folder, "b.json")), /b\.json: there is no such file$/);
  }),
});

Deno.test({
  name:
    "readConfigFile: a byte order mark, anchors and spellings of whole numbers mean what YAML says",
  fn: inTemporaryFolder(async (folder) => {
    const json = await resolved(
      folder,
      "mark.json",
      '\ufeff{"training": {"seeds": [3, 1e1, 4.0]}}',
    );
    assert.deepEqual(json.training.seeds, [3, 10, 4]);
    const yaml = "\ufefftraining: {seeds: &s [0x10, 0o17, 1e1, 017, +5]}\nmodel: {}\n";
    const config = await resolved(folder, "mark.yaml", yaml);
    assert.deepEqual(config.training.seeds, [16, 15, 10, 17, 5]);
    const shared = "training: {log_every: &n 7, checkpoint_every: *n}";
    const { training } = await resolved(folder, "shared.yaml", shared);
    assert.deepEqual([training.log_every, training.checkpoint_every], [7, 7]);
  }),
});
