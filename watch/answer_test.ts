import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { simulateRun } from "../store/index/testing/simulated_run.ts";
import { createAnswers } from "./answer.ts";
import { writeLog } from "./testing/write_log.ts";

type Query = Readonly<Record<string, string>>;

/** Asks the answers for a folder, as a page does. */
function asking(root: string, options: Parameters<typeof createAnswers>[1] = {}) {
  const answers = createAnswers(root, options);
  const ask = (path: string, query: Query = {}, init: RequestInit = {}) => {
    const address = `http://127.0.0.1:4322${path}?${new URLSearchParams(query)}`;
    const headers = { host: "127.0.0.1:4322", ...init.headers as Record<string, string> };
    return answers.answer(new Request(address, { ...init, headers }));
  };
  const json = async (path: string, query: Query = {}) => await (await ask(path, query)).json();
  const status = async (...args: Parameters<typeof ask>) => {
    const response = await ask(...args);
    await response.body?.cancel();
    return response.status;
  };
  return { answers, ask, json, status };
}

Deno.test(
  "only this machine by its own names is answered, and only GET",
  inTemporaryFolder(async (root) => {
    const { answers, status } = asking(root);
    const byName = (host: string) => status("/", {}, { headers: { host } });
    for (const host of ["127.0.0.1", "127.0.0.1:4322", "localhost:9000", "LOCALHOST"]) {
      assert.equal(await byName(host), 200, host);
    }
    for (
      const host of [
        ...["", "evil.example", "evil.example:4322", "127.0.0.1.evil.example", "localhost.evil"],
        ...["127.0.0.1:4322@evil.example", "0.0.0.0:4322", "10.0.0.1", "127.0.0.1:4322, evil"],
      ]
    ) assert.equal(await byName(host), 403, host);
    for (const method of ["POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH"]) {
      assert.equal(await status("/runs", {}, { method }), 405, method);
    }
    answers.close();
  }),
);

Deno.test(
  "every answer has headers that keep other pages and scripts out",
  inTemporaryFolder(async (root) => {
    simulateRun(join(root, "a"));
    Deno.writeTextFileSync(join(root, "a/report.html"), "<script>parent.stolen = 1</script>");
    const { answers, ask } = asking(root);
    const page = { run: "a", name: "report.html" };
    for (
      const [path, query] of [["/", {}], ["/runs", {}], ["/nothing", {}], ["/page", page]] as const
    ) {
      const response = await ask(path, query);
      await response.body?.cancel();
      const policy = response.headers.get("content-security-policy")!;
      assert.match(policy, /^default-src 'none'; /, path);
      assert.match(policy, /frame-ancestors 'none'/, path);
      assert.match(policy, path === "/page" ? /; sandbox allow-scripts/ : /script-src 'self';/);
      assert.equal(/connect-src/.test(policy), path !== "/page");
      assert.equal(response.headers.get("x-content-type-options"), "nosniff");
      assert.equal(response.headers.get("cross-origin-resource-policy"), "same-origin");
      assert.equal(response.headers.get("access-control-allow-origin"), null);
    }
    answers.close();
  }),
);

Deno.test(
  "nothing outside of the folder is shown: no path, no link, no file of another name",
  inTemporaryFolder(async (folder) => {
    const root = join(folder, "runs");
    simulateRun(join(root, "a"));
    simulateRun(join(root, "group/b"));
    simulateRun(join(folder, "secret"));
    writeLog(join(folder, "secret"), { to: 3 });
    Deno.writeTextFileSync(join(folder, "secret/report.html"), "secret");
    Deno.symlinkSync(join(folder, "secret"), join(root, "link"));
    Deno.symlinkSync(join(folder, "secret/report.html"), join(root, "a/report.html"));
    Deno.symlinkSync(join(folder, "secret/metrics.jsonl"), join(root, "a/metrics.jsonl"));
    const { answers, json, status } = asking(root);
    const { runs } = await json("/runs");
    assert.deepEqual(runs.map(({ path }: { path: string }) => path), ["a", "group/b"]);
    for (
      const run of ["../secret", "link", "a/../../secret", join(folder, "secret"), "group", "", "."]
    ) {
      assert.equal(await status("/curves", { run, metric: "loss" }), 404, run);
      assert.equal(await status("/page", { run, name: "report.html" }), 404, run);
    }
    for (const name of ["config.json", "../../secret/report.html", "evaluation.html", ""]) {
      assert.equal(await status("/page", { run: "a", name }), 404, name);
    }
    const { problem } = await json("/curves", { run: "a", metric: "loss" });
    assert.match(problem, /metrics\.jsonl is a symbolic link, expected a plain file/);
    assert.equal(await status("/page", { run: "a", name: "report.html" }), 404);
    for (const path of ["/../../etc/passwd", "/%2e%2e/secret", "/watch.css/", "/toString"]) {
      assert.equal(await status(path), 404, path);
    }
    // A folder that was a run, and has become a link since.
    Deno.removeSync(join(root, "group/b"), { recursive: true });
    Deno.symlinkSync(join(folder, "secret"), join(root, "group/b"));
    assert.equal(await status("/curves", { run: "group/b", metric: "loss" }), 404);
    answers.close();
  }),
);

Deno.test(
  "a page is told what has changed since it asked last, and by another server everything",
  inTemporaryFolder(async (root) => {
    for (const name of ["a", "b"]) simulateRun(join(root, name));
    let now = Date.parse("2030-05-01");
    const { answers, json } = asking(root, { clock: () => now });
    const pathsOf = ({ runs }: { runs: { path: string }[] }) => runs.map(({ path }) => path);
    const first = await json("/runs", { since: "0" });
    assert.deepEqual([pathsOf(first), first.isWhole, first.count], [["a", "b"], true, 2]);
    now += 1000;
    const second = await json("/runs", { since: String(first.version) });
    assert.deepEqual([pathsOf(second), second.isWhole], [[], false]);
    simulateRun(join(root, "c"));
    Deno.removeSync(join(root, "a"), { recursive: true });
    // Within a second the list counts as new.
    assert.deepEqual(pathsOf(await json("/runs", { since: String(second.version) })), []);
    now += 1000;
    const third = await json("/runs", { since: String(second.version) });
    assert.deepEqual([pathsOf(third), third.count], [["c"], 2]);
    for (const since of ["5", "nonsense", String(now + 1e9)]) {
      const { isWhole } = await json("/runs", { since });
      assert.equal(isWhole, true, since);
    }
    answers.close();
  }),
);

Deno.test(
  "curves that nobody asks for are dropped",
  inTemporaryFolder(async (root) => {
    for (let index = 0; index < 60; index++) {
      simulateRun(join(root, `run-${index}`));
      writeLog(join(root, `run-${index}`), { to: 3 });
    }
    const { answers, json } = asking(root, { idle: 50 });
    for (let index = 0; index < 60; index++) {
      const { curves } = await json("/curves", { run: `run-${index}`, metric: "loss" });
      assert.equal(curves.length, 2);
    }
    assert.ok(answers.held() <= 48);
    await new Promise((resolve) => setTimeout(resolve, 200));
    assert.equal(answers.held(), 0);
    answers.close();
  }),
);
