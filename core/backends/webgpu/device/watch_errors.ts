/** Errors of a device that no call throws. */
import { DeviceLostError } from "./device_lost_error.ts";

/** What went wrong with a device and no call throws. */
export interface DeviceErrors {
  /** @throws as `Gpu.check`. */
  check(): void;
  /** What the device answers. @throws as `Gpu.check` if it gives none. */
  answer<T>(asked: Promise<T>): Promise<T>;
  /** The device is given back: that is no loss. */
  expectLoss(): void;
}

/** Keeps the loss of a device, and the first of its errors. */
export function watchErrors(device: GPUDevice): DeviceErrors {
  let firstError: string | undefined;
  let loss: string | undefined;
  let isLossExpected = false;
  device.addEventListener("uncapturederror", (event) => {
    firstError ??= (event as GPUUncapturedErrorEvent).error.message ||
      "internal error without a message";
  });
  device.lost.then(({ reason, message }) => {
    if (!isLossExpected) loss = [reason, message].filter(Boolean).join(", ");
  });
  const check = () => {
    // After a loss every call is an error: the loss is why.
    if (loss !== undefined) throw new DeviceLostError(`the GPU was lost (${loss})`);
    if (firstError) throw new Error(`WebGPU: ${firstError}`);
  };
  return {
    check,
    async answer(asked) {
      try {
        return await asked;
      } catch (error) {
        // What has happened to the device is told by events.
        await new Promise((resolve) => setTimeout(resolve, 0));
        check();
        throw new Error(`WebGPU: ${(error as Error).message}`);
      }
    },
    expectLoss: () => void (isLossExpected = true),
  };
}
