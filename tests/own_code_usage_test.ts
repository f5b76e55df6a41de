/** How files of one's own may be named, written and called, and what is said where they may not. */
import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";

const ownFolder = fileURLToPath(new URL("../examples/own/", import.meta.url));
const model = Deno.readTextFileSync(join(ownFolder, "hebbff.ts"));
const task = Deno.readTextFileSync(join(ownFolder, "familiarity.ts"));
const drawing = "const x = new Float32Array(steps * bits);";

/** Files of a user, by path. */
const files: Readonly<Record<string, string>> = {
  "own/model.ts": model,
  "own/task.ts": task,
  "own/a näme 模.ts": model,
  "-dash.ts": model,
  "own/plain.js": task.replaceAll("!;", ";").replaceAll("]! :", "] :"),
  "own/both.ts": `${model.replace("export default", "export const model =")}
${task.replace("export default", "export const task =").replace(", z }", " }")}`,
  // Its setting is called as one of the task is.
  "own/bits.ts": model.replaceAll("hidden", "bits"),
  "own/schema.ts": model.replace("z.strictObject", "z.looseObject")
    .replace(
      /config: ([\s\S]*?\}\)),\n/,
      "config: { parse: (settings) => ($1).parse(settings) },\n",
    ),
  "own/yaml.ts": `import "yaml";\n${model}`,
  "named/deno.json": '{ "imports": { "model": "../far/model.ts" } }',
  "named/good.ts": 'export { default } from "model";\n',
  "named/yaml.ts": `import "yaml";\n${model}`,
  "named/deep.ts": `import "${"../own"}/throws.ts";\n`,
  "own/throws.ts": '\nthrow new Error("no luck");\n',
  "own/parses.ts": 'import { z } from "zod";\nz.int().parse("x");\n',
  "far/model.ts": model,
  "own/rule.ts": 'import { updaters } from "hebb";\nexport default updaters.bptt;\n',
};

/** Late demands of a task, which is drawn from long after its file was imported: at once, and of nobody who waits. */
const demands: readonly (readonly [kind: string, code: string, says: RegExp])[] = [
  ["env", 'Deno.env.get("HOME");', /no permission for env access to "HOME"/],
  ["net", "Deno.connect({ port: 9 });", /no permission for net access to "127\.0\.0\.1:9"/],
];

function write(folder: string): void {
  const texts = {
    ...files,
    ...Object.fromEntries(
      demands.map((
        [kind, code],
      ) => [`own/${kind}.ts`, task.replace(drawing, `${code} ${drawing}`)]),
    ),
  };
  for (const [path, text] of Object.entries(texts)) {
    Deno.mkdirSync(dirname(join(folder, path)), { recursive: true });
    Deno.writeTextFileSync(join(folder, path), text);
  }
  Deno.symlinkSync(join(folder, "far/model.ts"), join(folder, "own/link.ts"));
}

const own = (model: string, task = "own/task.ts") => ["--model", model, "--task", task];
const onCpu = ["--device=cpu", "--threads=1", "--hidden=4", "--steps=8", "--iterations=10"];

Deno.test(
  "own code: a file may be called anything, lie anywhere, and hold a model and a task",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const cases = [
      own("own/a näme 模.ts"),
      own("-dash.ts"),
      own(join(folder, "far/model.ts"), "own/plain.js"),
      own("own/../own/link.ts"),
      own("named/good.ts"),
      own("own/both.ts", "own/both.ts"),
    ];
    await Promise.all(cases.map(async (names) => {
      const { code, stdout, stderr } = await runHebb(
        ["train", ...names, ...onCpu, "--dry-run"],
        { folder },
      );
      assert.equal(code, 0, stderr);
      const config = JSON.parse(stdout);
      assert.deepEqual([config.model.name, config.task.name], [names[1], names[3]]);
    }));
  }),
);

Deno.test(
  "own code: what is no such file, or not written so, is refused in one line",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const cases: readonly (readonly [args: string[], says: RegExp])[] = [
      [own("own/model"), /--model: .*got "own\/model"; did you mean own\/model\.ts\?/],
      [own("own/"), /--model: expected a name, or a file that ends in \.ts or \.js, got "own\/"/],
      [own("own/model.tsx"), /--model: expected a name, or a file that ends in \.ts or \.js/],
      [own("etherael"), /did you mean ethereal.*a file of your own ends in \.ts or \.js/],
      [["--task", "familiarity"], /tasks are .*; a file of your own ends in \.ts or \.js/],
      [own("own/schema.ts"), /own\/schema\.ts: its config is no zod object, expected z\.strict/],
      [own("own/yaml.ts"), /own\/yaml\.ts: it imports "yaml", .*write "npm:yaml" .*deno\.json/],
      [own("named/yaml.ts"), /named\/yaml\.ts: it imports "yaml", .*write "npm:yaml" .*deno\.json/],
      [own("named/deep.ts"), /named\/deep\.ts: no luck \(own\/throws\.ts:2:7\)/],
      [
        own("own/parses.ts"),
        /own\/parses\.ts: Invalid input: expected number.* \(own\/parses\.ts:2:\d+\)/,
      ],
      [own("own/task.ts"), /own\/task\.ts: it exports no model/],
      [[...own("own/model.ts"), "--hiden=4"], /--hiden.*--hidden/],
    ];
    for (const [args, says] of cases) await assertRefused(["train", ...args], { folder, says });
  }),
);

Deno.test(
  "own code: a permission that is asked for late is told in one line",
  inTemporaryFolder(async (folder) => {
    write(folder);
    for (const [kind, , says] of demands) {
      const args = ["train", ...own("own/model.ts", `own/${kind}.ts`), ...onCpu, "--progress=none"];
      const { code, stderr } = await runHebb([...args, "--out", kind], { folder });
      assert.notEqual(code, 0, kind);
      const lines = stderr.trimEnd().split("\n");
      assert.match(lines.pop()!, says);
      for (const line of lines) assert.match(line, /^(device|parameters|memory): /);
    }
  }),
);

Deno.test(
  "own code: a setting that another section has too gets the name of its section",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const train = ["train", ...own("own/bits.ts")];
    const help = (await runHebb([...train, "--help"], { folder })).stdout;
    assert.match(help, /^ +--bits N +Bits of a pattern \[20\]$/m);
    assert.match(help, /^ +--model-bits N +Hidden units \[16\]$/m);
    const { stdout } = await runHebb(
      [...train, "--bits=5", "--model-bits=3", "--device=cpu", "--dry-run"],
      { folder },
    );
    const config = JSON.parse(stdout);
    assert.deepEqual([config.task.bits, config.model.bits], [5, 3]);
  }),
);

Deno.test(
  "own code: swept with several seeds side by side, then judged; examine is about other networks",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const code = own("own/model.ts");
    const sweep = ["--sweep=updater.learning_rate=0.01,0.003", "--seeds=1,2"];
    const short = ["--progress=none", "--test-sequences=20", "--evaluation-sequences=5"];
    const trained = await runHebb(
      ["train", ...code, ...onCpu, ...sweep, ...short, "--out=run"],
      { folder },
    );
    assert.equal(trained.code, 0, trained.stderr);
    const judged = await runHebb(["evaluate", "run", ...code, "--sequences=10"], { folder });
    assert.match(judged.stdout, /learning rate 0\.003, seed 2 +accuracy/);
    await assertRefused(["examine", "run"], {
      folder,
      says: /expected a run of model attractor on task attractor, got own\/model\.ts on own\/task/,
    });
  }),
);

Deno.test(
  "own code: an attractor network that a rule of one's own has trained is examined with the rule",
  inTemporaryFolder(async (folder) => {
    write(folder);
    const trained = await runHebb([
      ...["train", "--model=attractor", "--updater=own/rule.ts", "--neurons=8", "--memories=2"],
      ...["--device=cpu", "--threads=1", "--iterations=1", "--progress=none", "--out=run"],
    ], { folder });
    assert.equal(trained.code, 0, trained.stderr);
    const examine = ["examine", "run", "--device=cpu", "--threads=1", "--tries=2", "--starts=2"];
    await assertRefused(examine, { folder, says: /updater "own\/rule\.ts" .*--updater FILE/ });
    const examined = await runHebb([...examine, "--updater", "own/rule.ts"], { folder });
    assert.equal(examined.code, 0, examined.stderr);
  }),
);
