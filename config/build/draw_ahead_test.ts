import assert from "node:assert/strict";
import { createBatches } from "../../core/training/batches.ts";
import { binaryCrossEntropy } from "../../core/losses/binary_cross_entropy.ts";
import type { Slot } from "../../core/program/node.ts";
import { KEY_SIZE, keySlots } from "../../core/program/random_keys.ts";
import { hybrid } from "../../models/hybrid.ts";
import { findTask } from "../../tasks/mod.ts";
import { forwardProgram } from "../../updaters/forward_only.ts";
import { drawAhead } from "./draw_ahead.ts";

Deno.test("batches drawn ahead are those drawn in place, in any order and at any level", () => {
  const settings = [{}, { variation: 0.5 }].map((own) => ({
    name: "continual_scene",
    ...own,
  }));
  const tasks = settings.map(({ name, ...own }, replica) =>
    findTask(name).build(own).levels!.at([2, 7][replica]!)
  );
  const { slots, extents } = forwardProgram({
    model: hybrid.instantiate({ hidden_dims: [2, 2] }),
    loss: binaryCrossEntropy,
    extents: { replicas: 2, sequences: 3, steps: tasks[1]!.steps },
  });
  // What a model that draws random numbers needs beside.
  const keys: Slot = {
    name: keySlots.sequence,
    kind: "input",
    shape: [KEY_SIZE],
    hasBatchAxis: true,
    hasTimeAxis: false,
    hasChunkAxis: true,
  };
  const program = { slots: new Map([...slots, [keys.name, keys]]), extents };
  const options = { seeds: [5, 6], chunk: 4, levels: [2, 7] };
  const inPlace = createBatches(program, tasks, options);
  const ahead = drawAhead(settings)(program, tasks, options);
  try {
    const ranges = [[0, 1], [1, 4], [5, 2], [40, 1], [41, 3]] as const;
    for (const [first, iterations] of ranges) {
      for (const split of ["train", "test"] as const) {
        const expected = inPlace.draw(split, { first, iterations });
        const drawn = ahead.draw(split, { first, iterations });
        assert.deepEqual([...drawn.keys()].sort(), [...expected.keys()].sort());
        for (const [name, values] of expected) assert.deepEqual(drawn.get(name), values);
      }
    }
  } finally {
    ahead.close?.();
  }
});
