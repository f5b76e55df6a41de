/**
 * TensorBoard event files. A record is: u64 length, masked CRC-32C of the length,
 * a protocol-buffer Event, masked CRC-32C of the Event; all little-endian.
 *
 * Fields used (tensorflow/core/util/event.proto and framework/summary.proto): Event wall_time = 1
 * (double), step = 2 (int64), file_version = 3, summary = 5, session_log = 7; Summary value = 1;
 * SessionLog status = 1 (START = 1). `summaries.ts` makes the values.
 */
import { join } from "node:path";
import { crc32c } from "./crc32c.ts";
import {
  bytesField,
  concat,
  doubleField,
  integerField,
  messageField,
  textField,
} from "./protobuf.ts";
import type { Summary } from "./summaries.ts";
import { writeAll } from "./write_all.ts";
import { writing } from "./writing.ts";

export interface SummaryEvent {
  readonly step: number;
  readonly values: readonly Summary[];
  /** Seconds since 1970; now unless given. */
  readonly wallTime?: number;
}

export interface EventFile {
  readonly path: string;
  append(event: SummaryEvent): void;
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
  append([doubleField(1, clock()), textField(3, "brain.Event:2")]);
  if (resumeAt !== undefined) {
    const start = messageField(7, [integerField(1, 1)]);
    append([doubleField(1, clock()), integerField(2, resumeAt + 1), start]);
  }
  return {
    path,
    append({ step, values, wallTime = clock() }) {
      const summary = messageField(5, values.map((value) => bytesField(1, value)));
      append([doubleField(1, wallTime), integerField(2, step), summary]);
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
