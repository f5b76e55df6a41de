/** The check of a machine with a GPU, on what adapter there is. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findAdapter, isSoftwareAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { tableHead, tableRow, threeDigits } from "./markdown_table.ts";
import { turnOf } from "./measured_rows.ts";
import { runDeno } from "./run_measurement.ts";

const script = fileURLToPath(new URL("gpu_check.ts", import.meta.url));

async function runCheck(...args: string[]) {
  const flags = [
    "run",
    "--no-lock",
    "--no-prompt",
    "--allow-read",
    "--allow-env",
    "--allow-run=deno",
  ];
  const { code, stdout, stderr } = await new Deno.Command("deno", {
    args: [...flags, script, ...args],
    env: { NO_COLOR: "1" },
    stdin: "null",
  }).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trimEnd();
  return { code, stdout: text(stdout), stderr: text(stderr) };
}

/** The rows of the table below a heading, as cells. */
function tableBelow(page: string, heading: string): string[][] {
  const section = page.split(/^## /m).find((part) => part.startsWith(heading));
  assert.ok(section, heading);
  return section.split("\n").filter((line) => line.startsWith("|")).slice(2)
    .map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

Deno.test("tables of Markdown align numbers and keep bars inside cells", () => {
  assert.equal(tableHead(["a", "b"]), "| a | b |\n| --- | ---: |");
  assert.equal(tableRow(["x|y", threeDigits(0.0123456)]), "| x\\|y | 0.0123 |");
  assert.equal(tableRow(["z", threeDigits(NaN)]), "| z |  |");
});

Deno.test("a measurement that is ended leaves what it has printed, one that fails its error", async () => {
  const turn = () => turnOf(5000, new AbortController().signal);
  const run = (code: string) => runDeno(["eval", code], turn());
  assert.deepEqual(await run(`console.log("found"); for (;;);`), {
    lines: ["found"],
    isLate: true,
  });
  const failed = await run(`console.error("error: no luck"); console.error("at x"); Deno.exit(3);`);
  assert.deepEqual(failed, { lines: [""], problem: "no luck", isLate: false });
});

Deno.test("gpu:check refuses what it does not know, in one line", async () => {
  for (const args of [["--nope"], ["--seconds=0"]]) {
    const { code, stdout, stderr } = await runCheck(...args);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: "" });
    assert.match(stderr, /^error: [^\n]+$/);
  }
});

const adapter = await findAdapter();
const ignore = adapter === undefined && Deno.env.get("CI") === undefined;
if (ignore) console.log("skip: gpu:check, as there is no adapter");

Deno.test({
  name: "gpu:check --quick prints tables of measured times",
  ignore,
  async fn() {
    const { code, stdout, stderr } = await runCheck("--quick", "--allow-software-adapter");
    assert.equal(code, 0, stdout + stderr);
    assert.match(stdout, /^# \S.*\n\n```\n[^]*^WebGPU adapter$[^]*^```$/m);
    const [golden, ...others] = tableBelow(stdout, "Golden cases");
    assert.equal(others.length, 0);
    for (const error of golden!.slice(1)) assert.ok(Number(error) < 2e-5, error);
    const workloads = tableBelow(stdout, "Workloads");
    assert.deepEqual(workloads.map(([name]) => name), [
      "bohp-bptt-n29-t66",
      "ethereal-dfa-h128-b16",
    ]);
    for (const [, ...figures] of [...workloads, ...tableBelow(stdout, "Replicas")]) {
      for (const figure of figures) assert.match(figure, /^\d/);
    }
    assert.match(
      stderr,
      /^\d+ of 450 s: Workloads[^\n]*, 2 of 2: ethereal-dfa-h128-b16, at most \d+ s$/m,
    );
    assert.deepEqual(tableBelow(stdout, "Replicas").map(([count]) => count), ["1", "4"]);
  },
});

Deno.test({
  name:
    "gpu:check does not take a software adapter unasked, and measures nothing when the time is up",
  ignore: ignore || !isSoftwareAdapter(adapter!),
  async fn() {
    const refused = await runCheck("--quick");
    assert.deepEqual([refused.code, refused.stdout], [1, ""]);
    assert.match(refused.stderr, /^error: the only adapter is software/m);
    const late = await runCheck("--quick", "--allow-software-adapter", "--seconds=0.001");
    assert.equal(late.code, 0, late.stderr);
    for (const heading of ["Golden cases", "Workloads", "Replicas"]) {
      const rows = tableBelow(late.stdout, heading);
      assert.ok(rows.length > 0);
      for (const row of rows) assert.equal(row[1], "left out: no time is left");
    }
  },
});
