import assert from "node:assert/strict";
import fc from "fast-check";
import { DamagedFileError } from "./damaged_file_error.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { maxHeaderBytes } from "./safetensors_header.ts";
import type { Tensor } from "./tensor.ts";

const source = "test.safetensors";

const tensors = new Map<string, Tensor>([
  ["w", { dtype: "F32", shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, NaN, Infinity) }],
  ["scale", { dtype: "F64", shape: [], data: Float64Array.of(Math.PI) }],
  ["mask", { dtype: "BOOL", shape: [3], data: Uint8Array.of(1, 0, 1) }],
  ["bytes", { dtype: "U8", shape: [1], data: Uint8Array.of(255) }],
  ["count", { dtype: "U32", shape: [1], data: Uint32Array.of(4294967295) }],
  ["shift", { dtype: "I32", shape: [2, 1], data: Int32Array.of(-7, 7) }],
  ["empty", { dtype: "F32", shape: [0, 4], data: new Float32Array(0) }],
]);

/** A file image of a header, written by hand, and data of zeros. */
function image(header: unknown, dataLength = 0, headerLength?: bigint): Uint8Array {
  const text = typeof header === "string" ? header : JSON.stringify(header);
  const json = new TextEncoder().encode(text);
  const bytes = new Uint8Array(8 + json.length + dataLength);
  new DataView(bytes.buffer).setBigUint64(0, headerLength ?? BigInt(json.length), true);
  bytes.set(json, 8);
  return bytes;
}

function rejects(bytes: Uint8Array, message: RegExp): void {
  assert.throws(() => decodeSafetensors(bytes, { source }), (error: unknown) => {
    assert.ok(error instanceof DamagedFileError);
    assert.ok(error.message.startsWith(`${source}: `));
    assert.ok(!error.message.includes("\n"));
    assert.match(error.message, message);
    return true;
  });
}

const f32 = (shape: unknown, begin: number, end: number) => ({
  dtype: "F32",
  shape,
  data_offsets: [begin, end],
});

Deno.test("safetensors: what is written is read back", () => {
  const metadata = { run: "r1", text: 'quotes " and ünïcode\n' };
  const decoded = decodeSafetensors(encodeSafetensors(tensors, metadata), { source });
  assert.deepEqual(decoded.metadata, metadata);
  assert.deepEqual(new Set(decoded.tensors.keys()), new Set(tensors.keys()));
  for (const [name, tensor] of tensors) assert.deepEqual(decoded.tensors.get(name), tensor);
});

Deno.test("safetensors: layout is aligned, and does not depend on the order of insertion", () => {
  const bytes = encodeSafetensors(tensors, {});
  const reversed = new Map([...tensors].reverse());
  assert.deepEqual(encodeSafetensors(reversed, {}), bytes);
  assert.equal(new DataView(bytes.buffer).getBigUint64(0, true) % 8n, 0n);
  const { dataBytes } = decodeSafetensors(bytes, { source });
  assert.equal(new DataView(dataBytes.buffer, dataBytes.byteOffset).getFloat64(0, true), Math.PI);
});

Deno.test("safetensors: reads a file image at an odd position of its buffer", () => {
  const bytes = encodeSafetensors(tensors, {});
  const shifted = new Uint8Array(bytes.length + 3);
  shifted.set(bytes, 3);
  const decoded = decodeSafetensors(shifted.subarray(3), { source });
  assert.deepEqual(decoded.tensors.get("w"), tensors.get("w"));
});

Deno.test("safetensors: writes tensors that lie in shared memory or in the middle of a buffer", () => {
  const shared = new Float32Array(new SharedArrayBuffer(16)).subarray(1, 3);
  shared.set([5, 6]);
  const bytes = encodeSafetensors(new Map([["w", { dtype: "F32", shape: [2], data: shared }]]), {});
  const { data } = decodeSafetensors(bytes, { source }).tensors.get("w") ?? assert.fail();
  assert.deepEqual([...data], [5, 6]);
});

Deno.test("safetensors: widens half precision", () => {
  const bytes = image({
    half: { dtype: "F16", shape: [2], data_offsets: [0, 4] },
    brain: { dtype: "BF16", shape: [1], data_offsets: [4, 6] },
  }, 6);
  bytes.set([0x00, 0x3c, 0x00, 0xc0, 0xc0, 0x3f], bytes.length - 6);
  const decoded = decodeSafetensors(bytes, { source }).tensors;
  assert.deepEqual(decoded.get("half"), {
    dtype: "F32",
    shape: [2],
    data: Float32Array.of(1, -2),
  });
  assert.deepEqual(decoded.get("brain"), { dtype: "F32", shape: [1], data: Float32Array.of(1.5) });
});

Deno.test("safetensors: refuses hostile headers", () => {
  rejects(new Uint8Array(5), /at least 8 bytes/);
  rejects(image({}, 0, 1n << 63n), /header length 9223372036854775808/);
  rejects(image({}, 0, BigInt(maxHeaderBytes) + 1n), /header length/);
  rejects(image({}, 0, 0n), /header length 0/);
  rejects(image("[1]"), /does not start with \{/);
  rejects(image(" {}"), /does not start with \{/);
  rejects(image("{]"), /not valid JSON/);
  rejects(image('{"a\xff": 1'), /not valid JSON/);
  rejects(image({ a: f32([1], 0, 4) }, 3), /tensors take 4 bytes of data, the file has 3/);
  rejects(image({ a: f32([1], 0, 4) }, 5), /tensors take 4 bytes of data, the file has 5/);
  rejects(image({ a: f32([1], 4, 8) }, 8), /begins at 4, expected 0/);
  rejects(image({ a: f32([2], 0, 8), b: f32([1], 4, 8) }, 8), /begins at 4, expected 8/);
  rejects(image({ a: f32([2], 0, 4) }, 4), /needs 8 bytes, its offsets span 4/);
  rejects(image({ a: f32([1], 4, 0) }, 4), /span -4/);
  rejects(image({ a: f32([2 ** 30, 2 ** 30], 0, 0) }), /too many elements/);
  rejects(image({ a: f32([2 ** 53], 0, 0) }), /list of integers/);
  rejects(image({ a: f32([-1], 0, 0) }), /list of integers/);
  rejects(image({ a: f32([1.5], 0, 4) }, 4), /list of integers/);
  rejects(image({ a: f32("1", 0, 4) }, 4), /list of integers/);
  rejects(image({ a: { dtype: "F32", shape: [1], data_offsets: [0] } }, 4), /data_offsets/);
  rejects(image({ a: { dtype: "C64", shape: [], data_offsets: [0, 8] } }, 8), /"C64" as dtype/);
  rejects(image({ a: { dtype: { toString: 1 }, shape: [], data_offsets: [0, 4] } }, 4), /no text/);
  rejects(image({ a: null }), /dtype/);
  rejects(image({ a: 7 }), /dtype/);
  rejects(image({ __metadata__: [] }), /__metadata__ is not an object/);
  rejects(image({ __metadata__: { a: 1 } }), /metadata "a" is not a text/);
  rejects(image('{"__metadata__": {"__proto__": "x"}}'), /reserved name/);
  rejects(
    image('{"__proto__": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}}'),
    /reserved/,
  );
  rejects(image({ "a\u0007": f32([0], 0, 0) }), /control characters/);
  rejects(image({ "": f32([0], 0, 0) }), /1 to 512 characters/);
  rejects(
    image('{"a": {"dtype": "U8", "shape": [0], "data_offsets": [0, 0]}, "\\u0061": 1}'),
    /"a" is given twice/,
  );
  rejects(image('{"a": {"dtype": "F32", "dtype": "U8"}}'), /"dtype" is given twice/);
  const flag = image({ a: { dtype: "BOOL", shape: [1], data_offsets: [0, 1] } }, 1);
  flag[flag.length - 1] = 2;
  rejects(flag, /over 1/);
});

Deno.test("safetensors: deep nesting does not exhaust the stack", () => {
  rejects(image(`{"a":${"[".repeat(200_000)}${"]".repeat(200_000)}}`), /dtype|JSON/);
});

Deno.test("safetensors: refuses to write what could not be read", () => {
  const one = (name: string, tensor: Tensor) => () =>
    encodeSafetensors(new Map([[name, tensor]]), {});
  const data = Float32Array.of(1);
  assert.throws(one("w", { dtype: "F32", shape: [2], data }), RangeError);
  assert.throws(one("w", { dtype: "F32", shape: [-1], data }), RangeError);
  assert.throws(one("w", { dtype: "F64", shape: [1], data }), TypeError);
  assert.throws(one("__metadata__", { dtype: "F32", shape: [1], data }), TypeError);
  assert.throws(one("__proto__", { dtype: "F32", shape: [1], data }), TypeError);
  assert.throws(one("bad\ud800", { dtype: "F32", shape: [1], data }), TypeError);
  assert.throws(() => encodeSafetensors(new Map(), { a: "\ud800" }), TypeError);
});

/** Decodes, permitting only the typed error. */
function survives(bytes: Uint8Array): void {
  try {
    decodeSafetensors(bytes, { source });
  } catch (error) {
    assert.ok(error instanceof DamagedFileError, String(error));
  }
}

Deno.test("safetensors: altered and truncated files fail with the typed error only", () => {
  const whole = encodeSafetensors(tensors, { run: "r1" });
  const position = fc.nat(whole.length - 1);
  fc.assert(
    fc.property(fc.array(fc.tuple(position, fc.nat(255)), { maxLength: 8 }), position, (
      edits,
      length,
    ) => {
      const bytes = whole.slice();
      for (const [at, value] of edits) bytes[at] = value;
      survives(bytes);
      survives(bytes.subarray(0, length));
    }),
    { numRuns: 2000 },
  );
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = whole.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    survives(bytes);
  }
});

Deno.test("safetensors: any JSON as header fails with the typed error only", () => {
  fc.assert(
    fc.property(fc.json(), fc.nat(64), (json, length) => survives(image(json, length))),
    { numRuns: 1000 },
  );
});

Deno.test("safetensors: random tensors survive the round trip", () => {
  const name = fc.string({ minLength: 1, maxLength: 20 }).filter((text) => text !== "__proto__");
  const values = fc.float32Array({ maxLength: 20 });
  fc.assert(
    fc.property(fc.dictionary(name, values), (arrays) => {
      const named = Object.entries(arrays).filter(([key]) =>
        !["constructor", "prototype"].includes(key)
      );
      const input = new Map<string, Tensor>(
        named.map(([key, data]) => [key, { dtype: "F32", shape: [data.length], data }]),
      );
      const output = decodeSafetensors(encodeSafetensors(input, {}), { source }).tensors;
      assert.equal(output.size, input.size);
      for (const [key, tensor] of input) assert.deepEqual(output.get(key), tensor);
    }),
  );
});

Deno.test("safetensors: widens integers that only other writers use", () => {
  const bytes = image({
    long: { dtype: "I64", shape: [2], data_offsets: [0, 16] },
    short: { dtype: "I16", shape: [1], data_offsets: [16, 18] },
    tiny: { dtype: "I8", shape: [2], data_offsets: [18, 20] },
  }, 20);
  const view = new DataView(bytes.buffer, bytes.length - 20);
  view.setBigInt64(0, -5n, true);
  view.setBigInt64(8, 2n ** 53n - 1n, true);
  view.setInt16(16, -300, true);
  view.setInt8(18, -1);
  const { tensors } = decodeSafetensors(bytes, { source });
  assert.deepEqual([...tensors.values()], [
    { dtype: "F64", shape: [2], data: Float64Array.of(-5, 2 ** 53 - 1) },
    { dtype: "I32", shape: [1], data: Int32Array.of(-300) },
    { dtype: "I32", shape: [2], data: Int32Array.of(-1, 0) },
  ]);
  view.setBigInt64(8, 2n ** 53n, true);
  rejects(bytes, /tensor "long" of I64 has a number beyond 2\^53/);
});

Deno.test("safetensors: files of other formats are called by their kind", () => {
  const file = (...start: number[]) => Uint8Array.from({ length: 64 }, (_, i) => start[i] ?? 0x41);
  rejects(file(0x80, 0x04, 0x95), /is a Python pickle, which can run code; expected a safetensors/);
  rejects(file(0x50, 0x4b, 0x03, 0x04), /is a zip file, as torch\.save/);
  rejects(file(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59), /is an array of numpy\.save/);
  const begin = (text: string) => file(...new TextEncoder().encode(text));
  rejects(begin("(dp0\nS'w'\n"), /is a Python pickle/);
  rejects(begin("BZh9"), /is a bzip2 file/);
  rejects(begin('{"w": [1]}'), /is a JSON file/);
  rejects(Uint8Array.of(0x80, 0x04, 0x95), /is a Python pickle/);
  // A torn file of ours whose header has 640 bytes is no pickle.
  rejects(file(0x80, 0x02, 0, 0, 0, 0, 0, 0), /header length 640 is not within/);
});
