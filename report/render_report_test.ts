import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { renderReport } from "./render_report.ts";
import { parseRunFiles } from "./run_files.ts";
import { sampleRun } from "./testing/sample_run.ts";

const evil = `"><script>alert(1)</script>`;

Deno.test("renderReport is a function of the files alone", async () => {
  const files = parseRunFiles(sampleRun({ replicas: 2 }));
  assert.equal(await renderReport(files), await renderReport(files));
});

Deno.test("renderReport allows its own script by hash, and no address", async () => {
  const html = await renderReport(parseRunFiles(sampleRun()));
  const script = html.match(/<script>([^]*)<\/script>/)?.[1] ?? "";
  const hash = createHash("sha256").update(script).digest("base64");
  assert.ok(html.includes(`script-src 'sha256-${hash}' blob:;`));
  assert.ok(html.includes("default-src 'none'"));
  assert.doesNotMatch(script, /<!--|<script|<\/script/i);
  assert.doesNotMatch(html, /https?:\/\//);
  assert.ok(html.length < 2_500_000, `${html.length} characters`);
});

Deno.test("renderReport escapes a hostile text on every path", async () => {
  const texts = sampleRun({ name: evil, replicas: 2 });
  for (const [file, text] of Object.entries(texts)) {
    if (file !== "metrics") assert.ok(text.includes("alert(1)"), `${file} carries the text`);
  }
  const html = await renderReport(parseRunFiles(texts));
  assert.equal(html.match(/<script/g)?.length, 3);
  assert.doesNotMatch(html, /<script>alert/);
  assert.ok(html.split("&quot;&gt;&lt;script&gt;alert(1)&lt;/script&gt;").length > 10);
  const payload = html.match(/id="payload">(.*?)<\/script>/)?.[1] ?? "";
  assert.ok(payload.length > 1000);
  assert.doesNotMatch(payload, /alert/, "no text of the files reaches Plotly");
});

Deno.test("renderReport of a long run stays small", async () => {
  const line = (index: number) => `{"iteration":${index},"train/loss":[0.5,0.25]}`;
  const metrics = Array.from({ length: 150_000 }, (_, index) => line(index)).join("\n");
  const empty = await renderReport(parseRunFiles({ config: "{}" }));
  const long = await renderReport(parseRunFiles({ config: "{}", metrics }));
  assert.ok(long.length < empty.length + 100_000, `${long.length - empty.length} characters`);
});

Deno.test("renderReport of a run that has only started", async () => {
  const html = await renderReport(parseRunFiles({ config: '{"seed":1}' }));
  assert.match(html, /No metrics were logged/);
  assert.match(html, /<th scope="row">seed<\/th><td>1<\/td>/);
});

Deno.test("renderReport says what the task is, and its name once where it says no more", async () => {
  const { figures, ...files } = sampleRun();
  const { task, ...others } = JSON.parse(figures!);
  const textOf = (task: object) =>
    renderReport(parseRunFiles({ ...files, figures: JSON.stringify({ ...others, task }) }));
  assert.match(await textOf(task), /Task palindrome: Two symbols, of /);
  assert.match(await textOf({ name: "mine", summary: "mine" }), /Task mine\. Model /);
});

Deno.test("renderReport shows what the task says of its settings, before the other notes", async () => {
  const { figures, ...files } = sampleRun();
  const stored = JSON.parse(figures!);
  const task = { ...stored.task, notes: ["rows: 1423 for training", "<b>: none"] };
  const html = await renderReport(
    parseRunFiles({ ...files, figures: JSON.stringify({ ...stored, task }) }),
  );
  assert.match(
    html,
    /<ul class="notes">\n<li>task\.rows: 1423 for training<\/li>\n<li>task\.&lt;b&gt;: none<\/li>\n<li>The loss of/,
  );
});
