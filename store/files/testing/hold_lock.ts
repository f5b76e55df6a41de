/** Program for lock tests: opens a run folder, says so, and holds it until killed. */
import { openRunFolder } from "../run_folder.ts";

openRunFolder({ out: Deno.args[0] ?? "." });
console.log("locked");
setInterval(() => {}, 1000);
