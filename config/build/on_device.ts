/** Opens a device for some work, and closes it after that. */
import type { Backend } from "../../core/backends/backend.ts";
import type { DeviceChoice } from "../../core/backends/device_choices.ts";
import { openBackend } from "../../core/backends/open_backend.ts";

/** Opens a device, runs the work on it, and closes it. @throws NoAdapterError if there is no such device. */
export type OnDevice = <T>(work: (backend: Backend) => Promise<T>) => Promise<T>;

/**
 * @param say receives a line once the device is open: which one it is, and why.
 *
 *     const evaluation = await onDevice(choice, console.error)((backend) => judge(backend));
 */
export const onDevice = (
  { device, allowSoftwareAdapter, threads }: {
    readonly device: DeviceChoice;
    readonly allowSoftwareAdapter: boolean;
    readonly threads: number | undefined;
  },
  say: (line: string) => void,
): OnDevice =>
async (work) => {
  const choice = { device, allowSoftwareAdapter, ...threads === undefined ? {} : { threads } };
  const { backend, reason } = await openBackend(choice);
  say(reason);
  try {
    return await work(backend);
  } finally {
    backend.close();
  }
};
