import assert from "node:assert/strict";
import { mock } from "node:test";
import { UsageError } from "../config/usage_error.ts";
import { DamagedFileError } from "../store/files/damaged_file_error.ts";
import { RunFolderError } from "../store/files/run_folder_error.ts";
import { withErrorLine } from "./error_boundary.ts";
import { main } from "./main.ts";

async function caught(work: () => Promise<number>) {
  const err = mock.method(console, "error", () => {});
  try {
    const code = await work();
    return { code, lines: err.mock.calls.map((call) => (call.arguments as unknown[]).join(" ")) };
  } finally {
    err.mock.restore();
  }
}

Deno.test("what the user can change ends with 2, what failed with 1, each in one line", async () => {
  const cases: [unknown, number, string][] = [
    [new UsageError("--out: no\n  such\nfolder"), 2, "error: --out: no such folder"],
    [new DamagedFileError("a.json", "is torn"), 2, "error: a.json: is torn"],
    [new RunFolderError("a", "in_use", "a is in use"), 2, "error: a is in use"],
    [new RangeError("too deep\n"), 1, "error: too deep"],
    [
      Object.assign(new Deno.errors.PermissionDenied("Permission denied: open 'a'"), {
        code: "EACCES",
      }),
      2,
      "error: Permission denied: open 'a'",
    ],
    ["thrown text", 1, "error: thrown text"],
  ];
  for (const [thrown, code, line] of cases) {
    const result = await caught(() => withErrorLine(() => Promise.reject(thrown)));
    assert.deepEqual(result, { code, lines: [line] });
  }
  assert.deepEqual(await caught(() => withErrorLine(() => Promise.resolve(75))), {
    code: 75,
    lines: [],
  });
});

Deno.test("a command that is not there, and an option that is not, are told in a line", async () => {
  const command = await caught(() => main(["trian"]));
  assert.equal(command.code, 2);
  assert.match(command.lines.join("\n"), /^error: no command is named "trian" .*train.*[^\n]$/);
  const option = await caught(() => main(["report", "--nope"]));
  assert.equal(option.code, 2);
  assert.match(option.lines.join("\n"), /^error: report: [^\n]*--nope[^\n]*lists the options\)$/);
  const setting = await caught(() => main(["sweep", "rates.yaml", "--iterations", "5"]));
  assert.equal(setting.code, 2);
  assert.match(
    setting.lines.join("\n"),
    /"--iterations"[^\n]*those of train are given after --\)$/,
  );
});
