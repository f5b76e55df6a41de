import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { writeSampleRun } from "../../report/visualization/testing/sample_run.ts";
import { linesOf, runMain } from "../testing/run_main.ts";

async function run(...args: string[]) {
  const { code, out, err } = await runMain("visualize", ...args);
  return { code, out: linesOf(out), err: linesOf(err) };
}

const reference = ["--device", "reference"];

Deno.test(
  "visualize draws the first and the highest level, and image files",
  inTemporaryFolder(async (folder) => {
    writeSampleRun(folder, { levels: [1, 2, 3] });
    const { code, out, err } = await run(folder, ...reference, "--images=svg", "--images=png");
    assert.equal(code, 0, err.join("\n"));
    assert.match(err[0]!, /^device: reference/);
    assert.deepEqual(err.slice(1).map((line) => line.replace(/\d+ of/, "N of")), [
      "R = 1: N of 12 judged predictions right",
      "R = 3: N of 12 judged predictions right",
    ]);
    const names = ["weight_matrices", "eta_matrices", "hidden_activity", "plastic_matrices"];
    const files = ["R_1", "R_3"].flatMap((level) =>
      ["svg", "png"].flatMap((kind) =>
        [...names, "effective_weights"].map((name) => `${folder}/images/${level}/${name}.${kind}`)
      )
    );
    assert.deepEqual(out, [`${folder}/visualization.html`, ...files]);
    for (const path of out) assert.ok((await Deno.stat(path)).size > 300, path);
    const html = await Deno.readTextFile(out[0]!);
    assert.doesNotMatch(html, /https?:\/\//);
    assert.equal((await run(folder, ...reference)).code, 0);
    assert.equal(await Deno.readTextFile(out[0]!), html, "the same run gives the same page");
  }),
);

Deno.test(
  "visualize --level and --scenes choose",
  inTemporaryFolder(async (folder) => {
    writeSampleRun(folder, { levels: [1, 2, 3] });
    const levels = async (...args: string[]) => {
      const { err } = await run(folder, ...reference, ...args);
      return err.slice(1).map((line) => line.replace(/: .* of/, ": of"));
    };
    assert.deepEqual(await levels("--level", "2", "--scenes", "20"), [
      "R = 2: of 20 judged predictions right",
    ]);
    assert.equal((await levels("--level", "all", "--scenes", "1")).length, 3);
    writeSampleRun(`${folder}/more`, { levels: [1, 2], checkpoint: true });
    const { code, out } = await run(`${folder}/more`, ...reference, "--level", "newest");
    assert.equal(code, 0);
    assert.match(await Deno.readTextFile(out[0]!), /of seed 5 in its newest checkpoint/);
  }),
);

const recall = {
  task: { name: "palindrome" },
  model: { name: "rnn", hidden_size: 5 },
  updater: { name: "backprop" },
  training: { seeds: [4, 5], iterations: 40 },
};

Deno.test(
  "visualize draws the newest checkpoint of any other run",
  inTemporaryFolder(async (folder) => {
    writeSampleRun(folder, { checkpoint: true, settings: recall });
    const { code, out, err } = await run(folder, ...reference, "--seed", "5");
    assert.equal(code, 0, err.join("\n"));
    assert.match(err[1]!, /^update 40: \d of \d judged predictions right$/);
    assert.match(
      await Deno.readTextFile(out[0]!),
      /The network of seed 5 in its newest checkpoint/,
    );
    writeSampleRun(`${folder}/scenes`, { checkpoint: true });
    const scenes = await run(`${folder}/scenes`, ...reference);
    assert.match(scenes.err[1]!, /^R = 1: \d+ of 12/);
  }),
);

Deno.test(
  "visualize says in one line what it cannot use, with exit code 2",
  inTemporaryFolder(async (folder) => {
    const [run1, other] = [`${folder}/run`, `${folder}/other`];
    writeSampleRun(run1, { levels: [1, 2, 4] });
    writeSampleRun(other, { checkpoint: true, settings: recall });
    const empty = `${folder}/empty`;
    writeSampleRun(empty, {});
    Deno.writeTextFileSync(`${folder}/file`, "");
    const [page, blocked, deep] = ["page", "blocked", "deep"].map((name) => `${folder}/${name}`);
    for (const each of [page, blocked, deep]) writeSampleRun(each!, { levels: [1] });
    Deno.mkdirSync(`${page}/visualization.html`);
    Deno.writeTextFileSync(`${blocked}/images`, "");
    Deno.mkdirSync(`${deep}/images/R_1/hidden_activity.png`, { recursive: true });
    const torn = `${folder}/torn`;
    writeSampleRun(torn, { levels: [1] });
    const path = `${torn}/levels/level-0001-seed-5.safetensors`;
    Deno.writeFileSync(path, Deno.readFileSync(path).subarray(0, -8));
    const cases: [string[], RegExp][] = [
      [[`${folder}/none`], /none: it holds no run \(no config\.json\)$/],
      [[`${folder}/file`], /it is a file, expected a folder of a run|no config\.json/],
      [[empty], /it has no checkpoint yet$/],
      [[torn], /level-0001-seed-5\.safetensors: /],
      [[run1, "--level", "3"], /--level 3: the run has not passed it; passed: 1-2, 4$/],
      [[run1, "--level", "x"], /--level: "x" is no number/],
      [[run1, "--seed", "9"], /--seed 9: the run has no such seed; it has 5$/],
      [[run1, "--scenes", "101"], /--scenes 101: a movie at R = 1 has 100 scenes/],
      [[run1, "--scenes", "0"], /--scenes/],
      [[run1, "--images", "gif"], /--images/],
      [[other, "--level", "1"], /--level 1: seed 4 of the run has passed no level$/],
      [[other, "--scenes", "3"], /--scenes 3: task palindrome has no scenes$/],
      [[page!], /cannot write .*visualization\.html: it is a folder, expected a plain file$/],
      [[blocked!, "--images=svg"], /cannot write .*: .*\/images is a file, expected a folder$/],
      [[deep!, "--images=png"], /cannot write .*hidden_activity\.png: it is a folder/],
      [[], /DIR/],
    ];
    for (const [args, expected] of cases) {
      const { code, out, err } = await run(...args, ...reference);
      assert.equal(code, 2, args.join(" "));
      assert.deepEqual(out, []);
      const errors = err.filter((line) => line.startsWith("error: "));
      assert.equal(errors.length, 1, err.join("\n"));
      assert.match(errors[0]!, expected);
      assert.ok(!err.some((line) => line.includes("judged predictions")), err.join("\n"));
    }
  }),
);
