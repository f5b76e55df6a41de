import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join } from "node:path";
import fc from "fast-check";
import type { WriteStage } from "./atomic_file.ts";
import { removeStaleFiles } from "./temporary_file.ts";
import {
  listCheckpoints,
  readCheckpoint,
  readLatestCheckpoint,
  writeCheckpoint,
} from "./checkpoint.ts";
import { checkpointName, decodeCheckpoint, encodeCheckpoint } from "./checkpoint_format.ts";
import { DamagedFileError } from "./damaged_file_error.ts";
import { decodeSafetensors, encodeSafetensors } from "./safetensors.ts";
import { checkpointContent } from "./testing/checkpoint_content.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

const iterations = (folder: string) => listCheckpoints(folder).map(({ iteration }) => iteration);

function flipByte(path: string, at: number): void {
  const bytes = Deno.readFileSync(path);
  const position = at < 0 ? bytes.length + at : at;
  bytes[position] = (bytes[position] ?? 0) ^ 1;
  Deno.writeFileSync(path, bytes);
}

Deno.test(
  "checkpoint: what is written is read back",
  inTemporaryFolder((folder) => {
    const content = checkpointContent(1234, { metadata: { run: "r1", config_sha256: "ab" } });
    const path = writeCheckpoint(folder, content);
    assert.equal(path, join(folder, "checkpoints", "step-000000001234.safetensors"));
    const { tensors, ...rest } = readLatestCheckpoint(folder);
    assert.deepEqual(rest, { path, iteration: 1234, metadata: content.metadata });
    assert.deepEqual(tensors.get("w"), content.tensors.get("w"));
    assert.deepEqual(tensors.get("counter"), content.tensors.get("counter"));
    const { metadata } = decodeSafetensors(Deno.readFileSync(path), { source: path });
    assert.equal(metadata.step, "1234");
    assert.equal(metadata.format_version, "1");
    assert.match(metadata.data_sha256 ?? "", /^[0-9a-f]{64}$/);
  }),
);

Deno.test(
  "checkpoint: keeps the newest, and always the one just written",
  inTemporaryFolder((folder) => {
    for (let step = 1; step <= 5; step++) writeCheckpoint(folder, checkpointContent(step));
    assert.deepEqual(iterations(folder), [5, 4, 3]);
    // A run that was rewound writes an earlier step.
    writeCheckpoint(folder, checkpointContent(2), { keep: 1 });
    assert.deepEqual(iterations(folder), [5, 4, 3, 2]);
    writeCheckpoint(folder, checkpointContent(6), { keep: 1 });
    assert.deepEqual(iterations(folder), [6]);
  }),
);

Deno.test(
  "checkpoint: a damaged newest falls back to the next older, with a warning",
  inTemporaryFolder((folder) => {
    const first = writeCheckpoint(folder, checkpointContent(1));
    const second = writeCheckpoint(folder, checkpointContent(2));
    const third = writeCheckpoint(folder, checkpointContent(3));
    flipByte(third, -1);
    Deno.truncateSync(second, 100);
    const warnings: string[] = [];
    const warn = (message: string) => void warnings.push(message);
    assert.equal(readLatestCheckpoint(folder, { warn }).iteration, 1);
    assert.equal(warnings.length, 2);
    assert.match(warnings[0] ?? "", /step-000000000003.*SHA-256; trying step-000000000002/);
    Deno.writeFileSync(first, new Uint8Array(1000));
    assert.throws(
      () => readLatestCheckpoint(folder, { warn }),
      /none of the 3 checkpoints in .* is usable/,
    );
  }),
);

Deno.test(
  "checkpoint: a run without any is an error, not a start from scratch",
  inTemporaryFolder((folder) => {
    assert.throws(() => readLatestCheckpoint(folder), /holds no checkpoint/);
    Deno.mkdirSync(join(folder, "checkpoints"));
    Deno.writeFileSync(
      join(folder, "checkpoints", ".tmp-1-abc"),
      encodeCheckpoint(checkpointContent(1)),
    );
    assert.throws(() => readLatestCheckpoint(folder), /holds no checkpoint/);
    assert.deepEqual(removeStaleFiles(join(folder, "checkpoints")), [".tmp-1-abc"]);
  }),
);

Deno.test(
  "checkpoint: refuses tensors that are not finite, unless permitted",
  inTemporaryFolder((folder) => {
    const content = checkpointContent(7);
    content.tensors.get("w")?.data.set([NaN], 2);
    assert.throws(
      () => writeCheckpoint(folder, content),
      /step 7 not written: tensor w is NaN at 2/,
    );
    assert.deepEqual(iterations(folder), []);
    const path = writeCheckpoint(folder, content, { allowNonFinite: true });
    assert.throws(
      () => readCheckpoint(path),
      /^DamagedFileError: .*step-000000000007\.safetensors: tensor w is NaN at 2$/,
    );
    const { tensors } = readCheckpoint(path, { allowNonFinite: true });
    assert.deepEqual(tensors.get("w"), content.tensors.get("w"));
  }),
);

Deno.test(
  "checkpoint: refuses bad steps, a bad number to keep and reserved metadata",
  inTemporaryFolder((folder) => {
    for (const step of [-1, 1.5, NaN, 1e12]) {
      assert.throws(() => writeCheckpoint(folder, checkpointContent(step)), RangeError);
    }
    assert.throws(() => writeCheckpoint(folder, checkpointContent(1), { keep: 0 }), RangeError);
    const reserved = checkpointContent(1, { metadata: { step: "2" } });
    assert.throws(() => writeCheckpoint(folder, reserved), TypeError);
  }),
);

Deno.test(
  "checkpoint: a failed write surfaces and leaves the earlier ones intact",
  inTemporaryFolder((folder) => {
    writeCheckpoint(folder, checkpointContent(1));
    for (const failing of ["written", "synced"]) {
      const afterStage = (stage: WriteStage) => {
        if (stage === failing) throw new Error("no space left on device");
      };
      assert.throws(
        () => writeCheckpoint(folder, checkpointContent(2), { afterStage, keep: 1 }),
        /cannot write .*step-000000000002.*no space left/,
      );
    }
    assert.equal(readLatestCheckpoint(folder).iteration, 1);
    assert.equal([...Deno.readDirSync(join(folder, "checkpoints"))].length, 1);
    assert.throws(() => writeCheckpoint(join(folder, "gone"), checkpointContent(2)), /os error/);
  }),
);

Deno.test(
  "checkpoint: bytes altered between writing and the rename are noticed",
  inTemporaryFolder((folder) => {
    const checkpoints = join(folder, "checkpoints");
    writeCheckpoint(folder, checkpointContent(1));
    const afterStage = (stage: WriteStage) => {
      const temporary = [...Deno.readDirSync(checkpoints)].find(({ name }) => name[0] === ".");
      if (stage === "synced" && temporary) flipByte(join(checkpoints, temporary.name), -1);
    };
    assert.throws(() => writeCheckpoint(folder, checkpointContent(2), { afterStage }), /SHA-256/);
    assert.deepEqual(iterations(folder), [1]);
  }),
);

Deno.test(
  "checkpoint: refuses a link in place of its folder",
  inTemporaryFolder((folder) => {
    Deno.mkdirSync(join(folder, "elsewhere"));
    Deno.symlinkSync(join(folder, "elsewhere"), join(folder, "checkpoints"));
    assert.throws(() => writeCheckpoint(folder, checkpointContent(1)), /symbolic link/);
    assert.throws(() => readLatestCheckpoint(folder), /symbolic link/);
  }),
);

Deno.test(
  "checkpoint: a file under another step's name is damaged",
  inTemporaryFolder((folder) => {
    const path = writeCheckpoint(folder, checkpointContent(1));
    const renamed = join(folder, "checkpoints", checkpointName(9));
    Deno.renameSync(path, renamed);
    assert.throws(() => readCheckpoint(renamed), /is of step 1, its name says 9/);
    const copy = join(folder, "best.safetensors");
    Deno.renameSync(renamed, copy);
    assert.equal(readCheckpoint(copy).iteration, 1);
  }),
);

Deno.test("checkpoint: other safetensors files and altered versions are refused", () => {
  const { tensors } = checkpointContent(1);
  assert.throws(() => decodeCheckpoint(encodeSafetensors(tensors, {}), "x"), /is not a checkpoint/);
  const bytes = encodeCheckpoint(checkpointContent(1));
  const { metadata } = decodeSafetensors(bytes, { source: "x" });
  const altered = encodeSafetensors(tensors, { ...metadata, format_version: "2" });
  assert.throws(() => decodeCheckpoint(altered, "x"), /header does not match/);
});

Deno.test(
  "checkpoint: an intact file of a newer version is refused, not passed over for an older one",
  inTemporaryFolder((folder) => {
    writeCheckpoint(folder, checkpointContent(1));
    const metadata = { format: "hebb-checkpoint", format_version: "2" };
    const canonical = JSON.stringify([Object.entries(metadata), []]);
    const header_sha256 = createHash("sha256").update(canonical).digest("hex");
    const bytes = encodeSafetensors(new Map(), { ...metadata, header_sha256 });
    Deno.writeFileSync(join(folder, "checkpoints", checkpointName(2)), bytes);
    assert.throws(() => readLatestCheckpoint(folder), /checkpoint version 2, expected 1/);
  }),
);

Deno.test("checkpoint: every flipped bit and every truncation is noticed", () => {
  const whole = encodeCheckpoint(checkpointContent(3));
  const expected = decodeCheckpoint(whole, "x");
  for (let bit = 0; bit < 8 * whole.length; bit++) {
    const bytes = whole.slice();
    bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    assert.throws(() => decodeCheckpoint(bytes, "x"), DamagedFileError);
  }
  fc.assert(fc.property(fc.nat(whole.length - 1), (length) => {
    assert.throws(() => decodeCheckpoint(whole.subarray(0, length), "x"), DamagedFileError);
  }));
  assert.equal(expected.iteration, 3);
});
