/** The machine or device has too little memory for a program, which would run with more. */
export class NoRoomError extends Error {
  /** What tells it apart from other errors. */
  override readonly name = "NoRoomError";
}
