/** The installed command `hebb` (`deno task install`), which works in any folder. */
import { runProgram } from "./main.ts";

// One program has the permissions of all its commands. Those that write nothing give theirs back before they load
// code of a file.
if (["check", "doctor"].includes(Deno.args[0] ?? "")) {
  Deno.permissions.revokeSync({ name: "write" });
}
await runProgram(Deno.args);
