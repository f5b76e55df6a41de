/**
 * Reads memory of the device through staging buffers, as many ranges at a time as one of them holds, and lets nothing
 * change what waits to be read.
 */
import type { Gpu, GpuBuffer } from "./device/gpu_types.ts";

/** A range of a buffer, and where its values go. */
export interface Wanted {
  readonly buffer: GpuBuffer;
  /** In values. */
  readonly offset: number;
  readonly values: Float32Array;
}

export interface Reader {
  /** Fills arrays with what the memory holds after all that was asked for before the call. */
  read(wanted: readonly Wanted[]): Promise<void>;
  /**
   * Does what changes the memory: at once, or when all that was asked for before has been copied or done.
   *
   * @returns what resolves when it is done; undefined: it is.
   */
  change(work: () => void): Promise<void> | undefined;
  /** Whether a change would have to wait. */
  isBusy(): boolean;
}

/** Ranges that fit `room` values together; a long one is cut. */
function loadsOf(wanted: readonly Wanted[], room: number): Wanted[][] {
  const loads: Wanted[][] = [[]];
  let left = room;
  for (const { buffer, offset, values } of wanted) {
    for (let start = 0; start < values.length;) {
      if (left === 0) {
        loads.push([]);
        left = room;
      }
      const part = values.subarray(start, start + left);
      loads.at(-1)!.push({ buffer, offset: offset + start, values: part });
      start += part.length;
      left -= part.length;
    }
  }
  return loads;
}

/** A reader that uses these buffers by turns: one is filled while another is on its way to the host. */
export function createReader(gpu: Gpu, staging: readonly GpuBuffer[]): Reader {
  /** Of each staging buffer, what waits for its content. */
  const arrivals: Promise<void>[] = staging.map(() => Promise.resolve());
  const busy = staging.map(() => false);
  let turn = 0;
  /** The last of what waits for its turn, or has it. */
  let last: Promise<unknown> | undefined;

  /** Does things in the order of the calls. */
  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const done = last ? last.then(work) : work();
    // An error is told to whoever asked; the next one only waits.
    const ended: Promise<unknown> = done.catch(() => {}).then(() => {
      if (last === ended) last = undefined;
    });
    last = ended;
    return done;
  }

  /** Copies a load into a staging buffer. @returns when it has arrived. */
  function fetch(load: readonly Wanted[], place: number): Promise<void> {
    const recorder = gpu.record();
    let end = 0;
    for (const { buffer, offset, values: { byteLength } } of load) {
      recorder.copy(buffer, staging[place]!, { from: 4 * offset, to: end, bytes: byteLength });
      end += byteLength;
    }
    recorder.submit();
    busy[place] = true;
    return gpu.read(staging[place]!, end).then((content) => {
      let start = 0;
      for (const { values } of load) {
        values.set(new Float32Array(content, start, values.length));
        start += values.byteLength;
      }
    }).finally(() => busy[place] = false);
  }

  /** Copies all loads, each as soon as a staging buffer is free: at once, if there are few. */
  async function copyAll(loads: readonly Wanted[][]): Promise<Promise<void>[]> {
    const begun: Promise<void>[] = [];
    for (const load of loads) {
      const place = turn++ % staging.length;
      if (busy[place]) await arrivals[place];
      const arrival = fetch(load, place);
      begun.push(arrival);
      // An error is told to whoever reads; the next one only waits.
      arrivals[place] = arrival.catch(() => {});
    }
    return begun;
  }

  return {
    async read(wanted) {
      const begun = await inTurn(() => copyAll(loadsOf(wanted, staging[0]!.size / 4)));
      await Promise.all(begun);
    },
    change(work) {
      if (last) return inTurn(() => Promise.resolve(work()));
      work();
    },
    isBusy: () => last !== undefined,
  };
}
