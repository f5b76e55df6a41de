/**
 * TensorBoard event files, scalars only. A record is: u64 length, masked CRC-32C of the length,
 * a protocol-buffer Event, masked CRC-32C of the Event; all little-endian.
 *
 * Fields used (tensorflow/core/util/event.proto and framework/summary.proto): Event wall_time = 1
 * (double), step = 2 (int64), file_version = 3, summary = 5, session_log = 7; Summary value = 1;
 * Value tag = 1, simple_value = 2 (float); SessionLog status = 1 (START = 1).
 */
import { join } from "node:path";
import { crc32c } from "./crc32c.ts";
import { writeAll } from "./write_all.ts";
import { writing } from "./writing.ts";

export interface ScalarEvent {
  readonly step: number;
  readonly values: Readonly<Record<string, number>>;
  /** Seconds since 1970; now unless given. */
  readonly wallTime?: number;
}

export interface EventFile {
  readonly path: string;
  append(event: ScalarEvent): void;
  sync(): void;
  close(): void;
}

/**
 * Starts a new event file `events.out.tfevents.<unix seconds>.hebb` in a run folder.
 * @param options.resumeAt step a run resumes from: TensorBoard then drops later points of the run's
 *   earlier event files
 */
export function openEventFile(
  folder: string,
  { resumeAt, clock = () => Date.now() / 1000 }: { resumeAt?: number; clock?: () => number } = {},
): EventFile {
  const { path, file } = createNext(
    join(folder, `events.out.tfevents.${Math.floor(clock())}.hebb`),
  );
  const append = (fields: Uint8Array[]) =>
    writing(path, () => writeAll(file, record(concat(fields))));
  append([doubleField(1, clock()), bytesField(3, utf8("brain.Event:2"))]);
  if (resumeAt !== undefined) {
    const start = bytesField(7, integerField(1, 1));
    append([doubleField(1, clock()), integerField(2, resumeAt + 1), start]);
  }
  return {
    path,
    append({ step, values, wallTime = clock() }) {
      const scalars = Object.entries(values).map(([tag, value]) =>
        bytesField(1, concat([bytesField(1, utf8(tag)), floatField(2, value)]))
      );
      append([doubleField(1, wallTime), integerField(2, step), bytesField(5, concat(scalars))]);
    },
    sync: () => writing(path, () => file.syncSync()),
    close() {
      try {
        writing(path, () => file.syncSync());
      } finally {
        file.close();
      }
    },
  };
}

/** Creates the file; a second start within the same second gets a name that sorts after the first. */
function createNext(path: string): { path: string; file: Deno.FsFile } {
  for (let attempt = 0;; attempt++) {
    const name = attempt === 0 ? path : `${path}.${attempt}`;
    try {
      return { path: name, file: Deno.openSync(name, { write: true, createNew: true }) };
    } catch (error) {
      if (!(error instanceof Deno.errors.AlreadyExists) || attempt === 9) throw error;
    }
  }
}

const utf8 = (text: string) => new TextEncoder().encode(text);

function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** A checksum in the masked form of TensorBoard: data that contain checksums stay well checked. */
function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c(bytes);
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

function record(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc(data), true);
  return bytes;
}

/** Base-128 integer, least significant group first. */
function varint(value: number): Uint8Array {
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new RangeError(`event step ${value} is not an integer >= 0`);
  }
  const groups: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) groups.push(rest % 128 + 128);
  return Uint8Array.of(...groups, rest);
}

const tag = (field: number, wireType: number) => Uint8Array.of(field * 8 + wireType);

const integerField = (field: number, value: number) => concat([tag(field, 0), varint(value)]);

function doubleField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setFloat64(0, value, true);
  return concat([tag(field, 1), bytes]);
}

const bytesField = (field: number, bytes: Uint8Array) =>
  concat([tag(field, 2), varint(bytes.length), bytes]);

function floatField(field: number, value: number): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setFloat32(0, value, true);
  return concat([tag(field, 5), bytes]);
}
