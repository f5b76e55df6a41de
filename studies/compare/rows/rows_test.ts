import assert from "node:assert/strict";
import { join } from "node:path";
import { setAssignment } from "../../../config/config_file.ts";
import { UsageError } from "../../../config/usage_error.ts";
import { inTemporaryFolder } from "../../../store/files/testing/temporary_folder.ts";
import { memoryCells } from "../memory_cells.ts";
import { draft, rowsOf } from "../testing/sample_rows.ts";
import { fitRows } from "./fit_rows.ts";
import { productOf } from "./product.ts";
import { readRowsFile } from "./rows_file.ts";
import { readVaried } from "./vary.ts";

const none = { shared: [], varied: [], set: [] };
const task = "2_small_palindrome";

/** Requires one clear line. */
const refused = (work: () => unknown, expected: RegExp) =>
  assert.throws(work, (error: unknown) => {
    assert.ok(error instanceof UsageError, String(error));
    assert.match(error.message, expected);
    assert.doesNotMatch(error.message, /\n/);
    return true;
  });

Deno.test("rows are all models with all updaters and all values, models slowest", () => {
  const rows = fitRows(productOf({ task, models: "ethereal,rnn", updaters: "dfa,bptt" }), {
    ...none,
    varied: readVaried(["model.enable_recurrence=true,false", "model.plast_clip=10,20"]),
  });
  assert.deepEqual(rows.map(({ title }) => title), [
    "ethereal, dfa, enable recurrence true, plast clip 10",
    "ethereal, dfa, enable recurrence true, plast clip 20",
    "ethereal, dfa, enable recurrence false, plast clip 10",
    "ethereal, dfa, enable recurrence false, plast clip 20",
    "ethereal, bptt, enable recurrence true, plast clip 10",
    "ethereal, bptt, enable recurrence true, plast clip 20",
    "ethereal, bptt, enable recurrence false, plast clip 10",
    "ethereal, bptt, enable recurrence false, plast clip 20",
    // An rnn has no plasticity: its rows do not come twice.
    "rnn, dfa, enable recurrence true",
    "rnn, dfa, enable recurrence false",
    "rnn, bptt, enable recurrence true",
    "rnn, bptt, enable recurrence false",
  ]);
  assert.equal(rows[8]!.name, "rnn-dfa-enable-recurrence-true");
  assert.deepEqual(rows[8]!.settings, [
    "task.name=2_small_palindrome_vary",
    "model.name=rnn",
    "updater.name=dfa",
    "model.enable_recurrence=true",
  ]);
});

Deno.test("settings of all rows act where they can, and the strongest wins", () => {
  const [fast, slow] = fitRows([
    draft("fast", ["model.name=ethereal", "updater.name=dfa", "model.hidden_size=8"]),
    draft("slow", ["model.name=rnn", "updater.name=bptt"]),
  ], {
    ...none,
    shared: ["model.hidden_size=4", "training.iterations=7"].map(setAssignment),
    set: ["model.plast_clip=9", "updater.self_grad=1"].map(setAssignment),
  });
  const sizes = (settings: readonly string[] = []) =>
    settings.filter((text) => /size|plast|self/.test(text));
  assert.deepEqual(sizes(fast!.settings), [
    "model.hidden_size=8",
    "model.plast_clip=9",
    "updater.self_grad=1",
  ]);
  assert.deepEqual(sizes(slow!.settings), ["model.hidden_size=4"]);
  assert.equal(slow!.iterations, 7);
});

Deno.test("the memory cells are the 12 published ones, then the corrected ones", () => {
  const rows = fitRows(memoryCells.drafts, { ...none, shared: memoryCells.shared });
  const published = rows.filter(({ published }) => published);
  assert.equal(published.length, 12);
  assert.deepEqual(rows.slice(0, 12), published);
  assert.deepEqual(
    published.map(({ published }) => published!.outcome).join(" "),
    "Good Good Poor Poor Mixed Fail Fail Fail Good Poor Good Poor",
  );
  assert.ok(rows.some(({ name }) => name === memoryCells.baseline));
  const wide = fitRows(memoryCells.drafts, {
    ...none,
    shared: memoryCells.shared,
    set: [setAssignment("model.hidden_size=64")],
  });
  assert.ok(wide.every(({ settings }) => settings.includes("model.hidden_size=64")));
  assert.deepEqual(wide.map(({ name }) => name), rows.map(({ name }) => name));
});

Deno.test("wrong rows are refused in one line", () => {
  const product = (models?: string, updaters?: string) => productOf({ task, models, updaters });
  const fit = (set: string) => () =>
    fitRows(product("rnn"), { ...none, set: [setAssignment(set)] });
  refused(() => product("rnn,rnn"), /^--models: "rnn" is given twice$/);
  refused(() => product(""), /^--models: expected names/);
  refused(() => product("rnm"), /^--models: no model is named "rnm" \(did you mean rnn\?\)/);
  refused(
    () => fitRows(product("rnn", "rtrl,bpt"), none),
    /^--updaters: no updater is named "bpt"/,
  );
  refused(() => fitRows(productOf({ task, models: "own/a.ts", updaters: "dfa" }), none), /file/);
  refused(
    fit("model.hiden_size=3"),
    /no row has the setting hiden_size \(did you mean hidden_size\?\)/,
  );
  refused(fit("model.plast_clip=3"), /no row has the setting plast_clip/);
  refused(
    fit("updater.wipe_every=3"),
    /updater\.wipe_every: it acts on no row, though some have it$/,
  );
  refused(fit("model.hidden_size=0"), /model\.hidden_size: expected at least 1, got 0/);
  refused(fit("training.seeds=1,2"), /training\.seeds: seeds are given by --seeds$/);
  refused(fit("device.threads=2"), /devices are given by --device$/);
  refused(
    () => fitRows(productOf({ task, models: "attractor", updaters: "bptt" }), none),
    /^row "attractor, bptt": model attractor cannot read/,
  );
  refused(() => readVaried(["model.hidden_size"]), /^--vary: expected a setting and its values/);
  refused(() => readVaried(["model.hidden_size="]), /^--vary: expected a setting and its values/);
  refused(() => readVaried(["model.x=1,1"]), /^--vary model\.x: "1" is given twice/);
  refused(() => readVaried(["model.x=1", "model.x=2"]), /^--vary model\.x: it is given twice/);
  refused(() => readVaried(["model.name=rnn"]), /^--vary model\.name: names are given by --models/);
  refused(
    () => rowsOf(draft("A b", ["model.name=rnn"]), draft("a-B", ["model.name=ethereal"])),
    /^rows "A b" and "a-B" would have one folder, a-b$/,
  );
});

Deno.test(
  "rows are read from a file, and what is wrong in it is told with its row",
  inTemporaryFolder(async (folder) => {
    const path = join(folder, "rows.yaml");
    const read = async (text: string) => {
      Deno.writeTextFileSync(path, text);
      const { shared, drafts, title } = await readRowsFile(path);
      return { title, rows: fitRows(drafts, { ...none, shared }) };
    };
    const good = await read(`title: Two
task: { name: 2_small_palindrome }
model: { plast_clip: 5 }
rows:
  - { name: fast weights, model: { name: ethereal }, updater: { name: dfa } }
  - { name: slow, model: { name: rnn, hidden_size: 3 }, updater: { name: bptt, optimizer: adam } }
`);
    assert.equal(good.title, "Two");
    assert.deepEqual(good.rows.map(({ name }) => name), ["fast-weights", "slow"]);
    assert.ok(good.rows[0]!.settings.includes("model.plast_clip=5"));
    assert.ok(good.rows[1]!.settings.includes("updater.optimizer=adam"));
    const cases: [string, RegExp][] = [
      ["rows: []", /--rows .*: rows: expected a list of rows, got \[\]/],
      ["model: { name: rnn }", /rows: expected a list of rows, got none/],
      ["- 1", /expected a group with a list of rows/],
      ["rows: [{ model: { name: rnn } }]", /row 1: expected a group with a name and settings/],
      [
        "rows: [{ name: a, modell: {} }]",
        /row "a": no section is named "modell" \(did you mean model\?\)/,
      ],
      [
        "rows: [{ name: a, model: { name: rnn, hidden_size: -1 } }]",
        /row "a": model\.hidden_size: expected at least 1/,
      ],
      [
        "rows: [{ name: a, model: { name: rnn, plast_clip: 1 } }]",
        /row "a": model\.plast_clip: model rnn has no setting/,
      ],
      ["rows: [", /^--rows /],
    ];
    for (const [text, expected] of cases) {
      await assert.rejects(read(text), (error: unknown) => {
        assert.ok(error instanceof UsageError, String(error));
        assert.match(error.message, expected);
        return true;
      });
    }
  }),
);
