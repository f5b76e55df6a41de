/** A machine or device that has too little memory for a program; with more of it, it would run. */
export class NoRoomError extends Error {
  /** What tells it apart from other errors. */
  override readonly name = "NoRoomError";
}
