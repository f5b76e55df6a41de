import assert from "node:assert/strict";
import { basename } from "node:path";
import { crc32c } from "./crc32c.ts";
import { scalar } from "./summaries.ts";
import { openEventFile } from "./tfevents.ts";
import { inTemporaryFolder } from "./testing/temporary_folder.ts";

/** The payloads of a file's records; both checksums of each are checked. */
function readRecords(path: string): Uint8Array[] {
  const bytes = Deno.readFileSync(path);
  const view = new DataView(bytes.buffer);
  const masked = (part: Uint8Array) => {
    const crc = crc32c(part);
    return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
  };
  const records: Uint8Array[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(view.getBigUint64(at, true));
    const data = bytes.subarray(at + 12, at + 12 + length);
    assert.equal(view.getUint32(at + 8, true), masked(bytes.subarray(at, at + 8)));
    assert.equal(view.getUint32(at + 12 + length, true), masked(data));
    records.push(data);
    at += length + 16;
  }
  return records;
}

/** A double field 1 of value 1000. */
const wallTime = [0x09, 0, 0, 0, 0, 0, 0x40, 0x8f, 0x40];
const clock = () => 1000;

Deno.test(
  "tfevents: version record first, then scalars",
  inTemporaryFolder((folder) => {
    const events = openEventFile(folder, { clock });
    events.append({ step: 300, values: [scalar("a/b", 1.5)] });
    events.close();
    assert.equal(basename(events.path), "events.out.tfevents.1000.hebb");
    const version = [...new TextEncoder().encode("brain.Event:2")];
    const value = [0x0a, 3, 0x61, 0x2f, 0x62, 0x15, 0, 0, 0xc0, 0x3f];
    assert.deepEqual(readRecords(events.path).map((record) => [...record]), [
      [...wallTime, 0x1a, version.length, ...version],
      [...wallTime, 0x10, 0xac, 0x02, 0x2a, value.length + 2, 0x0a, value.length, ...value],
    ]);
  }),
);

Deno.test(
  "tfevents: a resumed run starts a file of its own and voids the later points before it",
  inTemporaryFolder((folder) => {
    const first = openEventFile(folder, { clock });
    first.close();
    const second = openEventFile(folder, { clock, resumeAt: 4 });
    second.close();
    assert.equal(second.path, `${first.path}.1`);
    const start = readRecords(second.path)[1];
    assert.deepEqual([...start ?? []], [...wallTime, 0x10, 5, 0x3a, 2, 0x08, 1]);
  }),
);

Deno.test(
  "tfevents: steps beyond 32 bits, and no other than integers from 0",
  inTemporaryFolder((folder) => {
    const events = openEventFile(folder, { clock });
    events.append({ step: 2 ** 40, values: [] });
    for (const step of [-1, 0.5, NaN]) {
      assert.throws(() => events.append({ step, values: [] }), RangeError);
    }
    events.close();
    const record = readRecords(events.path)[1];
    const step = [0x80, 0x80, 0x80, 0x80, 0x80, 0x20];
    assert.deepEqual([...record ?? []], [...wallTime, 0x10, ...step, 0x2a, 0]);
  }),
);
