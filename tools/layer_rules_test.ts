import assert from "node:assert/strict";
import { checkLayers, importsOf, withoutComments } from "./layer_rules.ts";

/** Problems of one file among empty ones. */
function problemsOf(path: string, text: string, others: readonly string[] = []): readonly string[] {
  return checkLayers(new Map([...others.map((other) => [other, ""] as const), [path, text]]))
    .problems;
}

Deno.test("comments do not count, strings do", () => {
  assert.equal(withoutComments('a /* b */ "/* c */" // d').trim(), 'a  "/* c */"');
});

Deno.test("imports of every form, as paths of the repository", () => {
  const text = `import a from "../x/a.ts";
export { b } from './b.ts';
import "./c.ts";
const d = await import("./d.ts");
new Worker(new URL("./e.ts", import.meta.url));
import text from "./k.wgsl" with { type: "text" };
import z from "zod"; // import no from "./no.ts";
`;
  assert.deepEqual(importsOf("core/y/f.ts", text), [
    "core/x/a.ts",
    "core/y/b.ts",
    "core/y/c.ts",
    "core/y/d.ts",
    "core/y/e.ts",
    "core/y/k.wgsl",
  ]);
});

Deno.test("product files import packages from deps/ only", () => {
  const [zod] = problemsOf("core/a.ts", 'import { z } from "zod";\nimport "node:path";\n');
  assert.equal(zod, "core/a.ts: imports zod; packages come from deps/");
  const [dynamic] = problemsOf("report/a.ts", 'await import("npm:plotly");\n');
  assert.equal(dynamic, "report/a.ts: imports npm:plotly; packages come from deps/");
  for (const path of ["deps/zod.ts", "core/a_test.ts", "cli/a.ts", "examples/a.ts"]) {
    assert.deepEqual(problemsOf(path, 'import { z } from "zod";\n'), []);
  }
});

Deno.test("imports look down only", () => {
  const allowed = [
    ["cli/a.ts", "tasks/b.ts"],
    ["cli/a.ts", "studies/b.ts"],
    ["studies/a.ts", "runner/b.ts"],
    ["runner/a.ts", "report/b.ts"],
    ["report/a.ts", "analysis/b.ts"],
    ["analysis/a.ts", "store/b.ts"],
    ["store/a.ts", "config/b.ts"],
    ["config/a.ts", "models/b.ts"],
    ["models/a.ts", "core/b.ts"],
    ["tools/a.ts", "cli/b.ts"],
    ["examples/a.ts", "mod.ts"],
    ["core/training/a_test.ts", "models/b.ts"],
    ["core/backends/open.ts", "core/backends/reference/b.ts"],
    ["core/backends/webgpu/a_test.ts", "core/backends/reference/b.ts"],
  ] as const;
  const refused = [
    ["core/a.ts", "models/b.ts"],
    ["models/a.ts", "updaters/b.ts"],
    ["tasks/a.ts", "models/b.ts"],
    ["updaters/a.ts", "cli/b.ts"],
    ["updaters/a.ts", "config/b.ts"],
    ["config/a.ts", "store/b.ts"],
    ["store/a.ts", "analysis/b.ts"],
    ["analysis/a.ts", "report/b.ts"],
    ["report/a.ts", "studies/b.ts"],
    ["studies/a.ts", "cli/b.ts"],
    ["cli/a.ts", "tools/b.ts"],
    ["cli/a.ts", "mod.ts"],
    ["core/backends/webgpu/a.ts", "core/backends/reference/b.ts"],
    ["core/backends/cpu/a.ts", "core/backends/reference/b.ts"],
    ["core/a.ts", "core/testing/b.ts"],
  ] as const;
  const textOf = (path: string, target: string) =>
    `import "${"../".repeat(path.split("/").length - 1) || "./"}${target}";`;
  for (const [path, target] of allowed) {
    assert.deepEqual(problemsOf(path, textOf(path, target), [target]), [], `${path} ${target}`);
  }
  for (const [path, target] of refused) {
    assert.equal(problemsOf(path, textOf(path, target), [target]).length, 1, `${path} ${target}`);
  }
});

Deno.test("files and sibling folders never import each other in a circle", () => {
  const circle = new Map([
    ["core/a/one.ts", 'import "../b/two.ts";'],
    ["core/b/two.ts", 'import "../a/one.ts";'],
  ]);
  assert.deepEqual(checkLayers(circle).problems, [
    "files import each other: core/a/one.ts, core/b/two.ts",
    "folders import each other: core/a, core/b",
  ]);
  const folders = new Map([
    ["core/a/one.ts", 'import "../b/two.ts";'],
    ["core/b/two.ts", ""],
    ["core/b/three.ts", 'import "../a/one.ts";'],
    ["core/b/three_test.ts", 'import "./three.ts"; import "../a/one.ts";'],
  ]);
  assert.deepEqual(checkLayers(folders).problems, ["folders import each other: core/a, core/b"]);
});

Deno.test("only one module calls WebGPU", () => {
  const calls = ["navigator.gpu", "let b: " + "GPU" + "Buffer"];
  for (const call of calls) {
    assert.match(problemsOf("core/a.ts", call)[0]!, /only core\/backends\/webgpu\/gpu\.ts/);
    assert.deepEqual(problemsOf("core/backends/webgpu/gpu.ts", call), []);
    assert.deepEqual(problemsOf("core/a.ts", `// ${call}`), []);
  }
});

Deno.test("table entries are files, names are snake_case, files are short", () => {
  assert.match(problemsOf("models/mod.ts", 'import "./gone.ts";')[0]!, /table entry models\/gone/);
  assert.match(problemsOf("core/camelCase.ts", "")[0]!, /snake_case/);
  assert.match(problemsOf("core/a.ts", "\n".repeat(401))[0]!, /401 lines, at most 400/);
  const report = checkLayers(new Map([["core/a.ts", "\n".repeat(201)]]));
  assert.deepEqual(report, { problems: [], long: [["core/a.ts", 201]] });
});
