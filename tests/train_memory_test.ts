import assert from "node:assert/strict";
import { openBackend } from "../core/backends/open_backend.ts";
import { findAdapter } from "../core/backends/webgpu/device/adapter.ts";
import { countCompilations } from "../core/testing/count_compilations.ts";
import { train } from "../core/training/train.ts";
import { buildRun } from "../config/build/build_run.ts";
import { resolveConfig } from "../config/resolve_config.ts";

const hasAdapter = await findAdapter() !== undefined;

/** Growth that garbage collection and the allocator may leave, in bytes. */
const ALLOWED_GROWTH = 24 * 2 ** 20;

const settings = {
  task: { name: "1_small_palindrome_vary" },
  model: { hidden_size: 2, num_layers: 1, input_mode: "last_one" },
};

const assignments = Object.entries(settings).flatMap(([section, values]) =>
  Object.entries(values).map(([key, value]) => ({
    section: section as "task" | "model",
    key,
    value,
    isText: false,
    origin: key,
  }))
);

for (const device of ["reference", "cpu", "gpu"] as const) {
  Deno.test({
    name:
      `train: memory stays flat over 10,000 iterations and nothing is compiled again, ${device}`,
    ignore: device === "gpu" && !hasAdapter,
    async fn() {
      const { config } = resolveConfig(assignments);
      const { task, loss, program } = buildRun(config);
      const compilations = countCompilations();
      const { backend } = await openBackend({ device, allowSoftwareAdapter: true });
      const engine = await backend.prepare(program, { chunk: 64 });
      const compiled = compilations.count();
      const sizes: number[] = [];
      try {
        const { endReason } = await train({
          engine,
          task,
          loss,
          seeds: [1],
          iterations: 10_000,
          logEvery: 500,
          hooks: { onRow: () => void sizes.push(Deno.memoryUsage().rss) },
        });
        assert.equal(endReason, "completed");
      } finally {
        engine.close();
        backend.close();
        compilations.restore();
      }
      if (device === "gpu") assert.ok(compiled > 0, "compilations are counted");
      assert.equal(compilations.count(), compiled);
      const growth = sizes.at(-1)! - sizes[3]!;
      assert.ok(growth < ALLOWED_GROWTH, `grew by ${growth} bytes over 8,000 iterations`);
    },
  });
}
