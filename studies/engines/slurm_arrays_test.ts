import assert from "node:assert/strict";
import { slurmArrays } from "./slurm_arrays.ts";

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

Deno.test("one array holds what fits", () => {
  assert.deepEqual(slurmArrays(upTo(1000), { maxArraySize: 1001 }), [
    { offset: 0, tasks: "1-1000" },
  ]);
  assert.deepEqual(slurmArrays([3, 7, 8, 9, 20], { maxArraySize: 1001 }), [
    { offset: 0, tasks: "3,7-9,20" },
  ]);
  assert.deepEqual(slurmArrays([], { maxArraySize: 1001 }), []);
});

Deno.test("numbers of tasks stay below MaxArraySize, and make every shard once", () => {
  const arrays = slurmArrays(upTo(2500), { maxArraySize: 1001 });
  assert.deepEqual(arrays, [
    { offset: 0, tasks: "1-1000" },
    { offset: 1001, tasks: "0-1000" },
    { offset: 2002, tasks: "0-498" },
  ]);
  assert.deepEqual(slurmArrays([1, 1000, 1001, 2002, 2003], { maxArraySize: 1001 }), [
    { offset: 0, tasks: "1,1000" },
    { offset: 1001, tasks: "0" },
    { offset: 2002, tasks: "0-1" },
  ]);
});
