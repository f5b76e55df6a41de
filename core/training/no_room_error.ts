/** A machine or device that has too little memory for a program; with more of it, it would run. */
export class NoRoomError extends Error {
  override readonly name = "NoRoomError";
}
