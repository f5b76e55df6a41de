/** Reads standard input to its end, then asks this process to end. */
import process from "node:process";

const buffer = new Uint8Array(256);
while (await Deno.stdin.read(buffer) !== null);
// A process may send itself signals without a permission, by the way of Node.
process.kill(process.pid, "SIGTERM");
