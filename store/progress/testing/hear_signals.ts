/** Says which signals it hears; `compute` as the first word keeps the main thread busy for ever. */
import { exitCodeOf } from "../../../core/training/exit_codes.ts";
import { watchSignals } from "../signals.ts";

const signals = await watchSignals((text) => console.log(text), { patience: 0.2 });
signals.onSilence((reason) => {
  console.log(`silent after ${reason}`);
  Deno.exit(exitCodeOf(reason));
});
console.log("ready");
if (Deno.args[0] === "compute") {
  for (let said = false;;) {
    if (said || signals.reason() === undefined) continue;
    said = true;
    console.log(`heard ${signals.reason()}`);
  }
}
