/** `completion SHELL`: prints a script with which a shell completes `hebb`; with words, how the last may go on. */
import * as shells from "@optique/core/completion";
import { object } from "@optique/core/constructs";
import { message } from "@optique/core/message";
import { argument } from "@optique/core/primitives";
import type { Suggestion } from "@optique/core/parser";
import { choice } from "@optique/core/valueparser";
import { exitCodes } from "../../core/training/exit_codes.ts";
import type { Command } from "../command.ts";
import { suggestNames } from "../completion/suggest_names.ts";
import { footerOf } from "../help.ts";
import { parseOptions } from "../parse_options.ts";

const shellNames = ["bash", "zsh", "fish"] as const;
type ShellName = typeof shellNames[number];

/** The command that is completed: no task of deno.json can be. */
const program = "hebb";

const options = object({
  shell: argument(choice(shellNames, { metavar: "SHELL" }), {
    description: message`The shell: bash, zsh or fish`,
  }),
});

const footer = footerOf({
  about:
    "Prints a script that completes the installed command hebb: commands, options, names, files and stored runs. " +
    "bash: put it into ~/.local/share/bash-completion/completions/hebb. zsh: into a file _hebb of a folder in fpath. " +
    "fish: into ~/.config/fish/completions/hebb.fish. No code of a file runs for a completion.",
  examples: ["completion bash", "completion zsh", "completion fish"],
  exitCodes: "0 printed, 2 usage",
});

/** What is known of a command before it is loaded. */
type Commands = Readonly<
  Record<string, { readonly summary: string; readonly load: () => Promise<Command> }>
>;

/** The command, which completes these and itself. */
export const completionOf = (commands: Commands): Command => async (args, title) => {
  const [first = "", ...words] = args;
  const shell = shellNames.find((name) => name === first);
  if (!title.complete && shell && words.length > 0) {
    const suggestions = await suggestionsFor(words, commands);
    const text = [...shells[shell].encodeSuggestions(suggestions)].join("");
    Deno.stdout.writeSync(new TextEncoder().encode(text));
    return exitCodes.ok;
  }
  const values = parseOptions(options, args, { ...title, footer });
  if (values) console.log(scriptOf(values.shell));
  return exitCodes.ok;
};

/** How the last word of a command line may go on; nothing, where what is before it is wrong. */
async function suggestionsFor(
  words: readonly string[],
  commands: Commands,
): Promise<readonly Suggestion[]> {
  const [name = "", ...args] = words;
  if (args.length === 0) return suggestNames(commands, name);
  if (name === "help") return suggestNames(commands, args.at(-1)!);
  if (!Object.hasOwn(commands, name)) return [];
  const { summary, load } = commands[name]!;
  const found: Suggestion[] = [];
  try {
    const command = await load();
    await command(args, { name, summary, complete: (suggestions) => found.push(...suggestions) });
  } catch {
    // The command itself will say what is wrong.
  }
  return found;
}

function scriptOf(shell: ShellName): string {
  const script = shells[shell].generateScript(program, ["completion", shell]);
  return shell === "bash" ? `${script.trimEnd()}\n${withoutSpace}` : script.trim();
}

/** A setting that is typed by its path goes on after `=`. */
const withoutSpace = `
function _${program}_settings () {
  _${program} "$@"
  [[ \${#COMPREPLY[@]} -ge 1 && "\${COMPREPLY[0]}" == *= ]] && compopt -o nospace
  return 0
}
complete -F _${program}_settings ${program}`;
