import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import type { Tensor } from "../store/files/tensor.ts";
import { runNumpy } from "../tests/testing/numpy.ts";
import { encodeNpy, encodeNpz } from "./encode_npz.ts";
import { readNpz } from "./read_arrays.ts";

const arrays = new Map<string, Tensor>([
  ["layer.0.weight", {
    dtype: "F32",
    shape: [2, 3],
    data: new Float32Array([1, -2.5, 3, 4, 5e-20, 6]),
  }],
  ["double", { dtype: "F64", shape: [1], data: new Float64Array([Math.PI]) }],
  ["scalar", { dtype: "F32", shape: [], data: new Float32Array([7]) }],
  ["integers", { dtype: "I32", shape: [3], data: new Int32Array([-1, 0, 2 ** 31 - 1]) }],
  ["counts", { dtype: "U32", shape: [2, 1, 1], data: new Uint32Array([0, 2 ** 32 - 1]) }],
  ["bytes", { dtype: "U8", shape: [2], data: new Uint8Array([0, 255]) }],
  ["flags", { dtype: "BOOL", shape: [2], data: new Uint8Array([0, 1]) }],
  ["empty", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
  ["größe/ж", { dtype: "U8", shape: [1], data: new Uint8Array([1]) }],
]);

Deno.test(
  "arrays come back as they were written",
  inTemporaryFolder((folder) => {
    const path = join(folder, "arrays.npz");
    Deno.writeFileSync(path, encodeNpz(arrays));
    assert.deepEqual(readNpz(path), arrays);
    assert.deepEqual(encodeNpz(arrays), encodeNpz(arrays));
    Deno.writeFileSync(path, encodeNpz(new Map()));
    assert.deepEqual(readNpz(path), new Map());
  }),
);

Deno.test("the data of an array begin at a multiple of 64 bytes; a wrong shape is refused", () => {
  for (const tensor of arrays.values()) {
    assert.equal((encodeNpy(tensor).length - tensor.data.byteLength) % 64, 0);
  }
  const data = new Float32Array(3);
  assert.throws(() => encodeNpy({ dtype: "F32", shape: [2], data }), { name: "RangeError" });
});

Deno.test(
  "NumPy loads them",
  inTemporaryFolder(async (folder) => {
    Deno.writeFileSync(join(folder, "arrays.npz"), encodeNpz(arrays));
    const script = `
with np.load("arrays.npz", allow_pickle=False) as arrays:
    result = {name: [str(arrays[name].dtype), arrays[name].shape, arrays[name].tolist()] for name in arrays.files}
`;
    const loaded = await runNumpy(folder, script);
    if (loaded === undefined) return;
    const dtypes = {
      F32: "float32",
      F64: "float64",
      I32: "int32",
      U32: "uint32",
      U8: "uint8",
      BOOL: "bool",
    };
    const expected = [...arrays].map(([name, { dtype, shape }]) => [name, dtypes[dtype], shape]);
    assert.deepEqual(
      Object.entries(loaded as Record<string, unknown[]>).map((
        [name, [dtype, shape]],
      ) => [name, dtype, shape]),
      expected,
    );
    const { double, flags, scalar } = loaded as Record<string, unknown[]>;
    assert.deepEqual([double![2], flags![2], scalar![2]], [[Math.PI], [false, true], 7]);
  }),
);
