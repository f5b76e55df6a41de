/** Files of torch.save; see tests/goldens/torch_state/make.py. */
import assert from "node:assert/strict";
import { readNpz } from "./read_arrays.ts";
import { readTensors } from "./read_tensors.ts";
import { readTorchState } from "./torch_state.ts";
import { unpickle } from "./pickle.ts";

const file = (name: string) => new URL(`../tests/goldens/torch_state/${name}`, import.meta.url);

Deno.test("a state_dict has the numbers that NumPy saved under the same names", () => {
  const [state, arrays] = [readTorchState(file("state.pt")), readNpz(file("arrays.npz"))];
  assert.equal(state.size, 6);
  assert.deepEqual(state, arrays);
  assert.deepEqual(readTensors(file("state.pt")), state);
  assert.deepEqual(readTensors(file("arrays.npz")), arrays);
});

Deno.test("views of a storage, types and dicts inside dicts", () => {
  const plain = [...readTorchState(file("parts.pt"))].map(([name, { dtype, shape, data }]) =>
    [name, dtype, [...shape], [...data]] as const
  );
  assert.deepEqual(plain, [
    ["model.turned", "F32", [4, 3], [0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11]],
    ["model.part", "F32", [2, 2], [5, 6, 9, 10]],
    ["model.bfloat", "F32", [3, 4], [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]],
    ["model.double", "F64", [4], [0, 1, 2, 3]],
    ["model.steps", "F64", [], [5]],
    ["model.mask", "BOOL", [2], [1, 0]],
    ["model.small", "I32", [2], [-3, 4]],
    ["model.none", "F32", [0, 3], []],
  ]);
});

Deno.test("what would run code, or is no state_dict, is refused in a line that names it", () => {
  const message = (name: string, why: RegExp) =>
    assert.throws(() => readTorchState(file(name)), { name: "DamagedFileError", message: why });
  message(
    "code.pt",
    /names "posix\.system", which is no part of a tensor and is not run; expected/,
  );
  message(
    "whole.pt",
    /names "torch\.nn\.modules\.linear\.Linear", .*torch\.save\(model\.state_dict/,
  );
  message("arrays.npz", /holds no data\.pkl/);
  message("make.py", /expected a state_dict/);
});

Deno.test("a pickle that is cut, or does what no dict of tensors does, throws", () => {
  const read = (text: string) =>
    unpickle(Uint8Array.from(text, (c) => c.charCodeAt(0)), {
      meanings: { "a.b": (...given) => given.length },
      persistent: () => 0,
    });
  assert.equal(read("\x80\x02ca\nb\nK\x01K\x02\x86R."), 2);
  assert.deepEqual(read("}(X\x01\0\0\0aK\x01X\x01\0\0\0bK\x02u."), new Map([["a", 1], ["b", 2]]));
  assert.equal(read("\x8a\x02\xff\xff."), -1);
  for (
    const text of ["", "K", "K\x01", "R.", "t.", "K\x01K\x02s.", "ca\nc\n.", "X\xff\xff\xff\xff."]
  ) {
    assert.throws(() => read(text), RangeError, JSON.stringify(text));
  }
});
