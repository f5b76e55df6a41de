import assert from "node:assert/strict";
import { encodeSafetensors } from "../store/files/safetensors.ts";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { readNpy, readNpz, readSafetensors } from "./read_arrays.ts";
import { assertDamaged, foreign, writeFile } from "./testing/write_file.ts";

Deno.test("npz: every type of real numbers and both byte orders, as NumPy wrote them", () => {
  const arrays = readNpz(foreign("stored.npz"));
  const types = {
    i1: "I32",
    i2: "I32",
    i4: "I32",
    i8: "F64",
    u1: "U8",
    u2: "I32",
    u4: "U32",
    u8: "F64",
    f2: "F32",
    f4: "F32",
    f8: "F64",
    big_i4: "I32",
    big_f8: "F64",
  };
  for (const [name, dtype] of Object.entries(types)) {
    const { data, ...rest } = arrays.get(name)!;
    assert.deepEqual(rest, { dtype, shape: [2, 3] }, name);
    assert.deepEqual([...data], [0, 1, 2, 3, 4, 5], name);
  }
  const truth = arrays.get("bool")!;
  assert.deepEqual([truth.dtype, ...truth.data], ["BOOL", 0, 1, 1, 1, 1, 1]);
  assert.equal(arrays.size, 14);
});

Deno.test("npz: deflated; a scalar, an empty array, and columns first becomes rows first", () => {
  const arrays = readNpz(foreign("deflated.npz"));
  assert.deepEqual(arrays.get("scalar"), { dtype: "F64", shape: [], data: Float64Array.of(2.5) });
  assert.deepEqual(arrays.get("empty"), { dtype: "F64", shape: [0, 3], data: new Float64Array(0) });
  const data = Float32Array.from({ length: 24 }, (_, index) => index);
  assert.deepEqual(arrays.get("columns"), { dtype: "F32", shape: [2, 3, 4], data });
});

Deno.test("npy: versions 2 and 3 of the header", () => {
  for (const version of [2, 3]) {
    const { data } = readNpy(foreign(`version_${version}.npy`));
    assert.deepEqual(data, Float64Array.of(0, 1, 2));
  }
});

Deno.test("npy: what is no array of real numbers is refused, with what to do", () => {
  const refusals: Readonly<Record<string, RegExp>> = {
    text: /text\.npy: holds texts; save them as/,
    complex: /complex\.npy: holds complex numbers; save the real and the imaginary parts/,
    objects: /objects\.npy: holds Python objects, which can run code/,
    records: /records\.npy: holds records with several fields; save each field/,
    long: /long\.npy: has a number beyond 2\^53/,
  };
  for (const [name, says] of Object.entries(refusals)) {
    assertDamaged(() => readNpy(foreign(`${name}.npy`)), says);
  }
  assertDamaged(() => readNpy(foreign("stored.npz")), /is a zip file.*; expected an array/);
  assertDamaged(() => readNpz(foreign("long.npy")), /is an array of numpy\.save; expected arrays/);
  assertDamaged(() => readNpy("no/such.npy"), /^no\/such\.npy: there is no such file$/);
});

Deno.test(
  "npy, npz: a torn or changed file is refused wherever that is",
  inTemporaryFolder((folder) => {
    const array = Deno.readFileSync(foreign("version_2.npy"));
    for (let length = 0; length < array.length; length++) {
      const path = writeFile(folder, "torn.npy", array.slice(0, length));
      assertDamaged(() => readNpy(path), /torn\.npy: /);
    }
    const arrays = Deno.readFileSync(foreign("deflated.npz"));
    for (let length = 0; length < arrays.length; length += 7) {
      const path = writeFile(folder, "torn.npz", arrays.slice(0, length));
      assertDamaged(() => readNpz(path), /torn\.npz: /);
    }
    // A byte of the first member's data: found by unpacking, or by its checksum.
    const changed = arrays.slice();
    changed[80]! ^= 0xff;
    const path = writeFile(folder, "changed.npz", changed);
    assertDamaged(() => readNpz(path), /changed\.npz: member "scalar\.npy" /);
  }),
);

Deno.test(
  "safetensors: tensors by name; a damaged file is named",
  inTemporaryFolder((folder) => {
    const w = { dtype: "F32", shape: [2], data: Float32Array.of(1, 2) } as const;
    const bytes = encodeSafetensors(new Map([["w", w]]), {});
    assert.deepEqual(readSafetensors(writeFile(folder, "w.safetensors", bytes)).get("w"), w);
    const torn = writeFile(folder, "torn.safetensors", bytes.slice(0, -1));
    assertDamaged(() => readSafetensors(torn), /torn\.safetensors: tensors take 8 bytes/);
  }),
);
