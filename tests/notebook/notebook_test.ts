/** The notebook of the examples runs in Deno's kernel for Jupyter, and shows what it says. */
import assert from "node:assert/strict";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { PythonPackages } from "../testing/python_packages.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const notebook = "first_run.ipynb";

const client = new PythonPackages(
  "jupyter-client-8",
  [
    ...[
      "jupyter_client==8.*",
      "jupyter_core==5.*",
      "traitlets==5.*",
      "pyzmq==27.*",
      "tornado==6.*",
    ],
    ...["python-dateutil", "six", "platformdirs", "typing_extensions"],
  ],
  "import jupyter_client",
);

interface Shown {
  readonly data: Readonly<Record<string, unknown>>;
  readonly error: string;
}

/** Copies the folder of the notebook, which says where Hebb is. */
function copyExamples(folder: string): void {
  for (const { name } of Deno.readDirSync(join(root, "examples/own"))) {
    Deno.copyFileSync(join(root, "examples/own", name), join(folder, name));
  }
  const path = join(folder, "deno.json");
  Deno.writeTextFileSync(
    path,
    Deno.readTextFileSync(path).replace("../../mod.ts", join(root, "mod.ts")),
  );
}

/** The code of all cells, as one script. */
function cellsOf(folder: string): string[] {
  const { cells } = JSON.parse(Deno.readTextFileSync(join(folder, notebook))) as {
    cells: { cell_type: string; source: string[]; outputs?: unknown[] }[];
  };
  const code = cells.filter(({ cell_type }) => cell_type === "code");
  for (const { outputs } of code) assert.deepEqual(outputs, [], "outputs are not stored");
  return code.map(({ source }) => source.join(""));
}

async function runAsScript(folder: string): Promise<void> {
  Deno.writeTextFileSync(join(folder, "cells.ts"), cellsOf(folder).join(";\n"));
  const { success, stderr } = await new Deno.Command("deno", {
    args: ["run", "--no-check", "-A", "cells.ts"],
    cwd: folder,
    stdin: "null",
  }).output();
  assert.ok(success, new TextDecoder().decode(stderr));
}

Deno.test(
  "the example notebook runs in the kernel: the run as a table, figures as data of Plotly",
  inTemporaryFolder(async (folder) => {
    copyExamples(folder);
    const cells = cellsOf(folder);
    const problem = await client.problem();
    if (problem !== undefined) {
      console.log(
        `left out: no client of Jupyter can be installed here (${problem}); run as a script`,
      );
      return await runAsScript(folder);
    }
    const script = fileURLToPath(new URL("run_notebook.py", import.meta.url));
    const lines = await client.run([script, notebook], { cwd: folder, seconds: 300 });
    const shown = lines.trim().split("\n").map((line) => JSON.parse(line) as Shown);
    assert.deepEqual(shown.map(({ error }) => error), cells.map(() => ""));
    const [, run, loss, score, weights] = shown.map(({ data }) => data);
    assert.match(String(run!["text/html"]), /<th scope="row">iterations<\/th><td>200<\/td>/);
    assert.match(String(run!["text/plain"]), /^model: hebbff$/m);
    for (const [figure, title] of [[loss, /loss/i], [score, /accuracy/i]] as const) {
      const { data, layout } = figure!["application/vnd.plotly.v1+json"] as {
        data: { x: number[]; y: number[] }[];
        layout: { title: { text: string }; xaxis: { title: { text: string } } };
      };
      assert.match(layout.title.text, title);
      assert.equal(layout.xaxis.title.text, "iterations");
      assert.equal(data[0]!.x.at(-1), 200);
      assert.equal(data[0]!.x.length, data[0]!.y.length);
    }
    const { data: [map] } = weights!["application/vnd.plotly.v1+json"] as {
      data: { z: number[][] }[];
    };
    assert.equal(map!.z.length, 16);
    assert.ok(map!.z.every((row) => row.length === 20 && row.every(Number.isFinite)));
  }),
);
