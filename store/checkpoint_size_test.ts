import assert from "node:assert/strict";
import { buildRun } from "../config/build/build_run.ts";
import { configAssignments } from "../config/config_file.ts";
import { resolveConfig } from "../config/resolve_config.ts";
import { requireReadableCheckpoint } from "./checkpoint_size.ts";

Deno.test("a network whose checkpoint could not be read back is refused before it is trained", () => {
  const settings = { model: { hidden_size: 4 }, training: { seeds: [1] } };
  const { config } = resolveConfig(configAssignments(settings, "test"));
  const { program: { slots, extents } } = buildRun(config);
  requireReadableCheckpoint({ slots, extents }, { bytesOfNumber: 8 });
  // The numbers of one replica fill a part of a megabyte, so many replicas are too many.
  const many = { slots, extents: { ...extents, replicas: 2 ** 30 } };
  assert.throws(
    () => requireReadableCheckpoint(many, { bytesOfNumber: 4 }),
    /^UsageError: a checkpoint of this network takes \d+ MB, and at most 4096 are read back: /,
  );
});
