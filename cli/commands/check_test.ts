import assert from "node:assert/strict";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { main } from "../main.ts";

/** Runs the command; returns its exit code and lines. */
async function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const out: string[] = [], err: string[] = [];
  const [log, error] = [console.log, console.error];
  console.log = (text: string) => out.push(text);
  console.error = (text: string) => err.push(text);
  try {
    const code = await main(["check", ...args]);
    return { code, out: out.join("\n"), err: err.join("\n") };
  } finally {
    [console.log, console.error] = [log, error];
  }
}

const tiny = ["task.pattern_size=4", "task.patterns=1", "task.cycles=1"]
  .flatMap((setting) => ["--set", setting]);

Deno.test("check gradients: bptt, rtrl and differences of a plastic network agree", async () => {
  const { code, out } = await run("gradients", "plastic_rnn", ...tiny, "--samples", "3");
  assert.equal(code, 0, out);
  const rows = out.split("\n").slice(1);
  assert.deepEqual(rows.map((row) => row.split(/ +/)[0]), ["w", "alpha"]);
  for (const row of rows) assert.match(row, /e-\d+ .*e-\d+ .*e-\d+ +ok$/);
});

Deno.test("check gradients: slow parameters beside fast weights, and why rtrl is left out", async () => {
  const { code, out } = await run(
    ...["gradients", "ethereal", "--set", "model.hidden_size=3", "--samples", "2"],
  );
  assert.equal(code, 0, out);
  assert.match(out, /linear0\/bias .*- +ok/);
  assert.match(out, /rtrl left out: .*is fast/);
});

Deno.test(
  "check gradients: a model of a user's own file, and what is wrong with one",
  inTemporaryFolder(async (folder) => {
    const mod = pathToFileURL(join(import.meta.dirname!, "../../mod.ts")).href;
    const file = join(folder, "own.ts");
    Deno.writeTextFileSync(
      file,
      `import { add, defineModel, matrix, matvec, mul, normal, oneHot, tanh, vector } from "${mod}";
import { z } from "zod";
export default defineModel({
  name: "own",
  config: z.strictObject({ symbols: z.int(), wide: z.boolean().default(false) }),
  fromTask: ["symbols"],
  parameters: ({ symbols, wide }) => ({ w: matrix(symbols + Number(wide), symbols, normal(0.3)) }),
  state: ({ symbols }) => ({ y: vector(symbols) }),
  inputs: () => ({ symbol: [] as const }),
  step({ w }, { y }, { symbol }, { symbols }) {
    const x = oneHot(symbol, symbols);
    return { state: { y: tanh(add(mul(y, 0.5), x)) }, output: matvec(w, add(x, y)) };
  },
});
`,
    );
    const good = await run("gradients", file, "--samples", "3");
    assert.equal(good.code, 0, good.err + good.out);
    assert.match(good.out, /^w .*ok$/m);
    const text = Deno.readTextFileSync(file);
    const still = join(folder, "still.ts");
    Deno.writeTextFileSync(
      still,
      text.replace("output: matvec(w, add(x, y))", "output: mul(0, matvec(w, x))"),
    );
    const nothing = await run("gradients", still);
    assert.equal(nothing.code, 1);
    assert.match(nothing.out, /^every gradient is 0: .* nothing was compared$/m);
    const [unread, unsized] = [join(folder, "unread.ts"), join(folder, "unsized.ts")];
    Deno.writeTextFileSync(
      unread,
      text.replaceAll("symbol }", "letter: symbol }").replace("symbol:", "letter:"),
    );
    Deno.writeTextFileSync(unsized, text.replace('fromTask: ["symbols"],', ""));
    const bad: [string[], RegExp][] = [
      [["gradients", unread], /model own reads letter, which no task makes; tasks make symbol, /],
      [["gradients", unsized], /model own: symbols: .*named in the model's fromTask/],
      [["gradients", file, "--set", "model.wid=true"], /model\.wid: there is no such setting/],
      [["gradients", "nope"], /no model is named "nope"/],
      [["gradients", join(folder, "none.ts")], /none\.ts/],
      [
        ["gradients", file, "--set", "updater.x=1"],
        /expected --updater, the rule that it is a setting of/,
      ],
      [
        ["gradients", file, "--set", "model.wide=true"],
        /own fits no task .*--task FILE: .*the output is a vector\(10\), the task judges a vector\(9\)/,
      ],
    ];
    for (const [args, expected] of bad) {
      const { code, err } = await run(...args);
      assert.equal(code, 2, `${args.join(" ")}: ${err}`);
      assert.match(err.split("\n").at(-1)!, expected);
    }
  }),
);

const ownRule = `import { defineUpdater, updaters } from "hebb";
import { z } from "zod";
export default defineUpdater({
  name: "mine",
  summary: "Like bptt, but it keeps no gradient",
  config: z.strictObject({ learning_rate: z.number().default(0.01) }),
  build: ({ probe: _, ...learning }, config) => updaters.bptt.build(learning, config),
});
`;

Deno.test(
  "check gradients: own model, task and rule; what is compared, and the worst number",
  inTemporaryFolder(async (folder) => {
    const own = (name: string) => join(import.meta.dirname!, "../../examples/own", name);
    const args = ["gradients", own("hebbff.ts"), "--task", own("familiarity.ts"), "--sequences=3"]
      .concat(["model.hidden=2", "task.bits=3", "task.steps=5"].flatMap((text) => ["--set", text]));
    const exact = await run(...args);
    assert.equal(exact.code, 0, exact.out + exact.err);
    const cut = await run(...args, "--updater", "bptt", "--set", "updater.truncate=1");
    assert.equal(cut.code, 1, cut.out);
    assert.match(
      cut.out,
      /\n {2}worst: w\[\d, \d\]: bptt -?[\d.e-]+, central difference -?[\d.e-]+\n/,
    );
    assert.match(cut.out, /bptt: compared is its gradient, with the gradient of the whole loss$/);
    const local = await run(...args, "--updater", "bptt", "--set", "updater.optimizer=adam");
    assert.equal(local.code, 0, local.out + local.err);
    const unknown = await run(...args, "--updater", "bpt");
    assert.equal(unknown.code, 2);
    assert.match(unknown.err, /no updater is named "bpt" \(did you mean bptt\?\)/);
    const rule = join(folder, "rule.ts");
    Deno.writeTextFileSync(rule, ownRule);
    const update = await run(...args, "--updater", rule);
    assert.equal(update.code, 0, update.out + update.err);
    assert.match(
      update.out,
      /mine: compared is the change by one update, divided by -learning_rate/,
    );
  }),
);

const quick = ["--samples", "2", "--most-numbers", "1"];

Deno.test("check gradients: the example of the help agrees, and is not run itself", async () => {
  const { code, out } = await run("gradients", "examples/custom_rule.ts", ...quick);
  assert.equal(code, 0, out);
  const rows = out.split("\n").slice(1, 4);
  assert.deepEqual(rows.map((row) => row.split(/ +/)[0]), ["w", "eta", "readout"]);
  for (const row of rows) assert.match(row, / ok$/);
});
