/** A device that is open for some work only. */
import type { Backend } from "../../core/backends/backend.ts";
import { type DeviceChoice, openBackend } from "../../core/backends/open_backend.ts";

/** Opens a device, gives it to the work, and closes it. @throws NoAdapterError if it is not there. */
export type OnDevice = <T>(work: (backend: Backend) => Promise<T>) => Promise<T>;

/** @param say told which device it is and why, once it is open. */
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
