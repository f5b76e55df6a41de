/** The experiment from its command line: training, examination, a diverged run, the report. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { main } from "../../cli/main.ts";
import { readExamination } from "../../analysis/examine/examination.ts";

async function run(...args: string[]) {
  const out = mock.method(console, "log", () => {});
  const warn = mock.method(console, "error", () => {});
  const err = mock.method(Deno.stderr, "writeSync", (bytes: Uint8Array) => {
    messages += new TextDecoder().decode(bytes);
    return bytes.length;
  });
  let messages = "";
  try {
    const code = await main(["experiments", "attractor", ...args]);
    const textOf = ({ mock: { calls } }: typeof out) =>
      calls.map((call) => (call.arguments as unknown[]).join(" ")).join("\n");
    return { code, out: textOf(out), warnings: textOf(warn), messages };
  } finally {
    out.mock.restore();
    warn.mock.restore();
    err.mock.restore();
  }
}

Deno.test(
  "trains, examines, counts a diverged run as a result, and does nothing twice",
  inTemporaryFolder(async (folder) => {
    const out = `${folder}/all`;
    const args = [
      ...["--only", "single-memory,activation-relu-early", "--seeds", "1", "--iterations", "40"],
      ...["--out", out, "--jobs", "2", "--progress", "none"],
    ];
    const first = await run(...args);
    assert.equal(first.code, 0, first.messages);
    assert.match(first.messages, /activation-relu-early-seed-1: diverged after \d+ updates/);
    assert.match(first.out, /^3 of \d+ configurations trained \(1 diverged\)$/m);
    const path = `${out}/single-margin-seed-1`;
    assert.deepEqual(readExamination(path)?.networks.map(({ seed }) => seed), [1]);
    const html = Deno.readTextFileSync(`${out}/report.html`);
    assert.match(html, /diverged at update \d+/);
    assert.doesNotMatch(html.replace(/<script[\s\S]*?<\/script>/g, ""), /NaN|undefined/);
    const results = JSON.parse(Deno.readTextFileSync(`${out}/results.json`));
    const margin = results.points.find(({ name }: { name: string }) => name === "single-margin");
    assert.deepEqual(
      margin.networks.map(({ outcome }: { outcome: string }) => outcome),
      ["converged"],
    );
    assert.equal(margin.fixed_points.learned.share, 1);

    const modified = Deno.statSync(`${path}/examination.json`).mtime;
    const second = await run(...args);
    assert.equal(second.code, 0);
    assert.match(second.messages, /single-margin-seed-1: done before/);
    assert.match(second.messages, /activation-relu-early-seed-1: diverged before/);
    assert.deepEqual(Deno.statSync(`${path}/examination.json`).mtime, modified);
    assert.equal(Deno.readTextFileSync(`${out}/report.html`), html);

    // An examination that is gone is made again.
    Deno.removeSync(`${path}/examination.json`);
    assert.equal((await run(...args)).code, 0);
    assert.ok(readExamination(path));

    // So is one that is torn, or of fewer updates; a report keeps the training without it.
    const examination = `${path}/examination.json`;
    const whole = Deno.readTextFileSync(examination);
    const marginOf = () =>
      JSON.parse(Deno.readTextFileSync(`${out}/results.json`)).points
        .find(({ name }: { name: string }) => name === "single-margin");
    const earlier = whole.replace(/"updates": \d+/, '"updates": 3');
    for (
      const [text, why] of [[whole.slice(0, 90), /not valid JSON/], [earlier, /after 3/]] as const
    ) {
      Deno.writeTextFileSync(examination, text);
      assert.match((await run(...args, "--dry-run")).out, why);
      const report = await run("--report", "--out", out);
      assert.equal(report.code, 0);
      assert.match(report.warnings, why);
      assert.equal(marginOf().networks[0].outcome, "converged");
      assert.equal(marginOf().fixed_points.learned, null);
      const repaired = await run(...args);
      assert.equal(repaired.code, 0, repaired.messages);
      assert.equal(Deno.readTextFileSync(examination), whole);
      assert.equal(Deno.readTextFileSync(`${out}/report.html`), html);
    }
    Deno.removeSync(examination);
    assert.match((await run(...args, "--dry-run")).out, /to examine: no examination/);
  }),
);

Deno.test("lists the studies with their configurations", async () => {
  const { out } = await run("--list", "--only", "capacity,single-margin");
  assert.match(
    out,
    /^single-memory: Phase 1: one memory\n {2}single-margin +1 memory, margin form$/m,
  );
  assert.match(out, /^capacity: /m);
  assert.match(out, /^ {2}capacity-64-64 +64 memories of 64 neurons \(1\.000 N\)$/m);
});
