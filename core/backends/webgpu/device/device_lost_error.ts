/** The device is gone, with what it held: it was reset, taken away, or its driver failed. */
export class DeviceLostError extends Error {
  /** What tells it apart from other errors. */
  override readonly name = "DeviceLostError";
}
