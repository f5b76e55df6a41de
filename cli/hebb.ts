/** The installed command `hebb` (`deno task install`), which works in any folder. */
import { runProgram } from "./main.ts";

// One program has the permissions of all its commands. Those that write nothing give theirs back before they load
// code of a file.
const command = Deno.args[0] ?? "";
if (["check", "doctor", "watch"].includes(command)) Deno.permissions.revokeSync({ name: "write" });
// So does everything but the one that shows a page the power to connect, even to this machine.
if (command !== "watch") Deno.permissions.revokeSync({ name: "net" });
await runProgram(Deno.args);
