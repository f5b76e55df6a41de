import { replaceMethod } from "./replace_method.ts";

interface Device {
  readonly queue: { writeBuffer(buffer: unknown, offset: number, data: Float32Array): void };
}

/** `GPUBufferUsage` of what kernels read and write, and the host writes. */
const POISONED = 0x80 | 0x8;

/**
 * Fills every buffer of WebGPU that is made with NaN: slots, temporaries, and the gaps between them. A program must
 * not read what nobody has set.
 *
 * @returns a function that ends this.
 */
export const poisonMemory = (): () => void =>
  replaceMethod("createBuffer", (create) =>
    function (...args) {
      const buffer = create.apply(this, args);
      const { size, usage } = args[0] as { size: number; usage: number };
      if ((usage & POISONED) === POISONED) {
        (this as Device).queue.writeBuffer(buffer, 0, new Float32Array(size / 4).fill(NaN));
      }
      return buffer;
    });
