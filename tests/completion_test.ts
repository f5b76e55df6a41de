/** Completion of `hebb` in the shells themselves, by the scripts that `completion` prints. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";

const run = ["run", "--no-prompt", "--allow-read", "--allow-env"];
const hebb = fileURLToPath(new URL("../cli/hebb.ts", import.meta.url));

/** A shell that runs in a folder with a command `hebb`, two stored runs and a model of one's own. */
class Shell {
  constructor(readonly folder: string) {
    Deno.mkdirSync(join(folder, "bin"));
    const program = `#!/bin/sh\nexec deno ${run.join(" ")} ${hebb} "$@"\n`;
    Deno.writeTextFileSync(join(folder, "bin/hebb"), program, { mode: 0o755 });
    for (const run of ["runs/default/first", "runs/second", "odd/$(touch called)", "odd/plain"]) {
      Deno.mkdirSync(join(folder, run, "levels"), { recursive: true });
      Deno.writeTextFileSync(join(folder, run, "config.json"), "{}");
    }
    Deno.writeTextFileSync(join(folder, "search.toml"), "");
    Deno.writeTextFileSync(join(folder, "own.ts"), 'throw new Error("it runs");');
  }

  async output(command: string, ...args: string[]): Promise<string> {
    const PATH = `${join(this.folder, "bin")}:${Deno.env.get("PATH")}`;
    const { stdout, stderr, success } = await new Deno.Command(command, {
      args,
      cwd: this.folder,
      env: { PATH, TERM: "dumb" },
      stdin: "null",
    }).output();
    assert.ok(success, new TextDecoder().decode(stderr));
    assert.equal(new TextDecoder().decode(stderr), "");
    return new TextDecoder().decode(stdout);
  }

  /** Writes the script of a shell into the folder, and has the shell check it. */
  async script(shell: string): Promise<void> {
    const text = await this.output("deno", ...run, hebb, "completion", shell);
    Deno.writeTextFileSync(join(this.folder, "script"), text);
    await this.output(shell, "-n", "script");
  }
}

/** What words may go on to, whatever the shell. */
const cases: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ["hebb tra", ["train"]],
  ["hebb runs sh", ["show"]],
  ["hebb completion ", ["bash", "fish", "zsh"]],
  ["hebb help eval", ["evaluate"]],
  ["hebb train --model hyb", ["hybrid"]],
  ["hebb train --task kv_u", ["kv_unique"]],
  ["hebb train --updater bp", ["bptt"]],
  ["hebb train --preset rev", ["reversal"]],
  // Options are those of the model, its task and its rule.
  ["hebb train --model hybrid --scene", ["--scene-time", "--scenes"]],
  ["hebb train --model rnn --scene", []],
  ["hebb train --optimizer ada", ["adam", "adam_published", "adamw"]],
  ["hebb train --set model.hidden_s", ["model.hidden_size="]],
  ["hebb evaluate ", ["runs/default/first", "runs/second"]],
  ["hebb evaluate runs/s", ["runs/second"]],
  ["hebb train --fork runs/d", ["runs/default/first"]],
  ["hebb compare --models rnn,bin", ["rnn,binding"]],
  // Code of a file does not run for a completion.
  ["hebb train --model own.ts --log-ev", ["--log-every"]],
  ["hebb nothing --", []],
];

const files: readonly (readonly [line: string, expected: readonly string[]])[] = [
  ["hebb train --model ow", ["own.ts"]],
  ["hebb sweep se", ["search.toml"]],
  // Runs with names that a shell would read as commands are left to the shell, which quotes them.
  ["hebb evaluate odd/", ["odd/$(touch called)/", "odd/plain/"]],
];

Deno.test(
  "completion: bash completes commands, options, names, files and runs",
  inTemporaryFolder(async (folder) => {
    const shell = new Shell(folder);
    await shell.script("bash");
    // As readline calls the function that the script registers. It sets options of the word being completed.
    const ask = `source ./script
compopt () { :; }
line="$1"
COMP_LINE="$line" COMP_POINT=\${#line}
read -ra COMP_WORDS <<< "$line"
[[ "$line" == *" " ]] && COMP_WORDS+=("")
COMP_CWORD=$((\${#COMP_WORDS[@]} - 1))
function=$(complete -p hebb); function=\${function#*-F }; function=\${function%% *}
$function hebb "\${COMP_WORDS[COMP_CWORD]}" "\${COMP_WORDS[COMP_CWORD - 1]}"
((\${#COMPREPLY[@]} == 0)) || printf '%s\\n' "\${COMPREPLY[@]}"`;
    for (const [line, expected] of [...cases, ...files]) {
      const words = await shell.output("bash", "-c", ask, "bash", line);
      assert.deepEqual(words.split("\n").filter(Boolean).sort(), [...expected].sort(), line);
    }
  }),
);

Deno.test({
  name: "completion: fish completes commands, options, names and runs",
  ignore: !existsSync("/usr/bin/fish"),
  fn: inTemporaryFolder(async (folder) => {
    const shell = new Shell(folder);
    await shell.script("fish");
    for (const [line, expected] of cases) {
      const lines = await shell.output("fish", "-c", `source script; complete -C '${line}'`);
      const words = lines.split("\n").filter(Boolean).map((line) => line.split("\t", 1)[0]);
      assert.deepEqual(words.sort(), [...expected].sort(), line);
    }
    assert.match(
      await shell.output("fish", "-c", "source script; complete -C 'hebb tra'"),
      /^train\tTrain a network/,
    );
  }),
});

Deno.test({
  name: "completion: zsh puts the only name that is meant into the line",
  ignore: !existsSync("/usr/bin/zsh"),
  fn: inTemporaryFolder(async (folder) => {
    const shell = new Shell(folder);
    await shell.script("zsh");
    // A terminal of its own, in which the key is pressed.
    const press = `zmodload zsh/zpty
zpty terminal zsh -f -i
zpty -w terminal 'PS1=; autoload -U compinit; compinit -u -d ./dump; source ./script; echo RE""ADY'
zpty -r -m terminal out '*READY*'
sleep 0.5
zpty -w -n terminal "$1"$'\\t'
zpty -r -m terminal out "*$2*" && print -r -- found`;
    for (const [line, expected] of cases.filter(([, expected]) => expected.length === 1)) {
      const found = await shell.output("zsh", "-f", "-c", press, "zsh", line, expected[0]!);
      assert.equal(found, "found\n", line);
    }
  }),
});
