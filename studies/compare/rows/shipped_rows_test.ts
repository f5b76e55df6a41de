/** The rows in docs/results/ are what its pages say. */
import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { buildRun } from "../../../config/build/build_run.ts";
import { setAssignment } from "../../../config/config_file.ts";
import { resolveConfig } from "../../../config/resolve_config.ts";
import { sizeOf } from "../../../core/axes.ts";
import { fitRows } from "./fit_rows.ts";
import { readRowsFile } from "./rows_file.ts";

const folder = fileURLToPath(new URL("../../../docs/results/", import.meta.url));

const rowsOf = async (name: string) => {
  const { drafts, shared } = await readRowsFile(folder + name);
  return fitRows(drafts, { shared, varied: [], set: [] });
};

Deno.test("shipped rows: every file has rows that can be trained", async () => {
  for (const { name } of Deno.readDirSync(folder)) {
    const isRows = name.endsWith(".yaml") && /^rows:/m.test(Deno.readTextFileSync(folder + name));
    if (isRows) assert.ok((await rowsOf(name)).length > 1, name);
  }
});

/** Layers of the Ethereal RNN that its output does not depend on here. */
const unused = ["i2h", "self_grad"];

for (
  const [name, rnn, ethereal] of [
    ["text_names.yaml", 18_514, 18_592],
    ["text_book.yaml", 37_789, 38_080],
  ] as const
) {
  Deno.test(`shipped rows: ${name} compares networks with equal numbers of weights`, async () => {
    const counts = (await rowsOf(name)).map(({ settings }) => {
      const { model } = buildRun(resolveConfig(settings.map(setAssignment)).config);
      return Object.entries(model.parameters)
        .filter(([parameter, { trained }]) =>
          trained &&
          !(model.name === "ethereal" && unused.some((layer) => parameter.startsWith(`${layer}/`)))
        )
        .reduce((sum, [, { shape }]) => sum + sizeOf(shape), 0);
    });
    assert.deepEqual(counts, [rnn, ethereal, ethereal]);
  });
}
