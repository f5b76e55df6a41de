/** The check of a machine with a GPU, on what adapter there is. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { findAdapter, isSoftwareAdapter } from "../../core/backends/webgpu/device/adapter.ts";
import { markdownTable, threeDigits } from "./markdown_table.ts";

const script = fileURLToPath(new URL("gpu_check.ts", import.meta.url));

async function runCheck(...args: string[]) {
  const flags = ["run", "--no-lock", "--no-prompt", "--allow-read", "--allow-env"];
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
  const table = markdownTable(["a", "b"], [["x|y", threeDigits(0.0123456)], [
    "z",
    threeDigits(NaN),
  ]]);
  assert.equal(table, "| a | b |\n| --- | ---: |\n| x\\|y | 0.0123 |\n| z |  |");
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
      "ethereal-dfa-h128-b16",
      "bohp-bptt-n29-t66",
    ]);
    for (const [, ...figures] of [...workloads, ...tableBelow(stdout, "Replicas")]) {
      for (const figure of figures) assert.match(figure, /^\d/);
    }
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
    for (const row of tableBelow(late.stdout, "Workloads")) {
      assert.equal(row[1], "not measured, the time is up");
    }
  },
});
