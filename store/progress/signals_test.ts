import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const script = fileURLToPath(new URL("./testing/hear_signals.ts", import.meta.url));
const ignore = Deno.build.os === "windows";

/** Starts the script; `listen` gets all that it has said whenever that grows. */
async function hear(
  words: readonly string[],
  listen: (said: string, child: Deno.ChildProcess) => void,
) {
  const child = new Deno.Command("deno", {
    args: ["run", "--no-prompt", "--no-lock", "--allow-read", script, ...words],
    stdin: "null",
    stdout: "piped",
    stderr: "null",
  }).spawn();
  let said = "";
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    said += chunk;
    listen(said, child);
  }
  return { said, ...await child.status };
}

for (const signal of ["SIGTERM", "SIGHUP", "SIGUSR2", "SIGINT"] as const) {
  const [reason, code] = signal === "SIGINT" ? ["interrupted", 130] : ["preempted", 75];
  Deno.test({
    name: `watchSignals: ${signal} is told, and a device that is silent then is given up`,
    ignore,
    async fn() {
      const end = await hear([], (said, child) => {
        if (said !== "ready\n") return;
        child.kill(signal);
        // One Ctrl-C in a terminal may come twice, by way of `deno task`.
        if (signal === "SIGINT") setTimeout(() => child.kill(signal), 20);
      });
      assert.match(
        end.said,
        new RegExp(`^ready\\n${reason}: writing.*\\nsilent after ${reason}\\n$`),
      );
      assert.equal(end.code, code);
    },
  });
}

Deno.test({
  name: "watchSignals: after SIGTERM a second Ctrl-C ends the process while it computes",
  ignore,
  async fn() {
    let count = 0;
    let timer: ReturnType<typeof setInterval> | undefined;
    const end = await hear(["compute"], (said, child) => {
      if (said === "ready\n") child.kill("SIGTERM");
      if (!said.endsWith("heard preempted\n")) return;
      const press = () => {
        count++;
        child.kill("SIGINT");
      };
      press();
      timer = setInterval(press, 300);
    });
    clearInterval(timer);
    // The process never ends by itself. Two signals may be heard as one when the machine is busy.
    assert.equal(end.signal, "SIGINT");
    assert.equal(end.code, 130);
    assert.ok(count >= 2, "the first Ctrl-C asks for a clean end");
  },
});
