/** The options of `train` that are no settings: folders, files, and what is done with them. */
import { message, text } from "@optique/core/message";
import { multiple, optional } from "@optique/core/modifiers";
import { option } from "@optique/core/primitives";
import { choice, integer, string } from "@optique/core/valueparser";
import { configExtensions } from "../../config/parse_config_file.ts";
import { defaultPreset, presets } from "../../config/presets.ts";
import { progressModes } from "../../store/progress/progress.ts";
import { suggestSettings } from "./suggest_settings.ts";
import { file, folder, name, runFolder, suggesting } from "../completion/values.ts";
import { anyOf, withShownDefault } from "../help.ts";
import type { SettingFlag } from "./flags.ts";

/** Fields of an `object`. @param flags what `--set` may be about, for shells that complete it. */
export const runOptions = (flags: readonly SettingFlag[]) => ({
  out: optional(option("--out", folder(), {
    description: message`Folder of the run, new or empty [runs/default/TIME-NAME]`,
  })),
  resume: optional(option("--resume", runFolder(), {
    description: message`Continue the run in DIR; without DIR the newest run of runs/default`,
  })),
  fork: optional(option("--fork", runFolder(), {
    description:
      message`Begin from a checkpoint of the run in DIR, with its settings but for those that are given; --iterations counts its iterations too`,
  })),
  checkpoint: optional(
    option("--checkpoint", name(() => ["newest", "best"], { metavar: "WHICH" }), {
      description: message`With --fork, which one: newest, best or a number of iterations [newest]`,
    }),
  ),
  initFrom: optional(option("--init-from", file([".safetensors", ".npz", ".pt", ".pth"]), {
    description:
      message`First weights by name from a .safetensors, a checkpoint, an .npz, or a state_dict that torch.save wrote; nothing in it is run`,
  })),
  config: multiple(option("--config", file(configExtensions), {
    description:
      message`Settings from a .json, .yaml or .toml file; of several files the later ones win`,
  })),
  preset: optional(option("--preset", name(() => Object.keys(presets), { metavar: "NAME" }), {
    description: message`${
      text(
        `Settings to start from [${defaultPreset}]: ` +
          Object.entries(presets).map(([name, { summary }]) => `${name} (${summary})`).join("; "),
      )
    }`,
  })),
  set: multiple(
    option("--set", suggesting("PATH=VALUE", (prefix) => suggestSettings(prefix, flags)), {
      description: message`Any setting by its path, such as ${text("updater.learning_rate=3e-4")}`,
    }),
  ),
  progress: withShownDefault(
    option("--progress", choice(progressModes, { metavar: "MODE" }), {
      description: message`Progress on standard error: ${anyOf(progressModes)}`,
    }),
    "auto",
  ),
  mode: optional(option("--mode", string({ metavar: "MODE" }), { hidden: true })),
  allowChangedCode: option("--allow-changed-code", {
    description:
      message`Continue a run with code of your own though the code has changed since it began`,
  }),
  download: option("--download", {
    description:
      message`First fetch the published data set of --dataset from huggingface.co into HF_HOME; nothing else uses a network`,
  }),
  pauseAfter: optional(option("--pause-after", integer({ metavar: "N", min: 1 }), {
    description:
      message`Save and leave after N iterations with exit code 75; --resume goes on as if the run had never stopped`,
  })),
  dryRun: option("--dry-run", {
    description: message`Print the resolved config and the memory needed; train and write nothing`,
  }),
});
