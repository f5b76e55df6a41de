import assert from "node:assert/strict";
import { join } from "node:path";
import type { Program } from "../core/program/program.ts";
import { inTemporaryFolder } from "./files/testing/temporary_folder.ts";
import { openTensorboardLog } from "./tensorboard_log.ts";

Deno.test(
  "no setting that is swept stands in the table of hyperparameters, alone or with others",
  inTemporaryFolder((folder) => {
    const sweep = {
      "model.forget_rate": [0.1, 0.2],
      "updater.learning_rate,updater.momentum": [[0.01, 0.9], [0.1, 0.5]],
    };
    const config = {
      model: { hidden_size: 8, forget_rate: 0.1 },
      updater: { learning_rate: 0.01, momentum: 0.9 },
      training: { sweep },
    };
    openTensorboardLog(folder, {
      ...{ config, replicas: [], resumeAt: undefined },
      program: {} as Program,
    }).close();
    const [{ name }] = [...Deno.readDirSync(folder)] as [Deno.DirEntry];
    const text = new TextDecoder("latin1").decode(Deno.readFileSync(join(folder, name)));
    // A name is a field of its own: its number, its length, and its text.
    const has = (path: string) => text.includes(`\n${String.fromCharCode(path.length)}${path}`);
    const paths = Object.entries(config).flatMap(([section, settings]) =>
      Object.keys(settings).map((key) => `${section}.${key}`)
    );
    assert.deepEqual(paths.filter(has), ["model.hidden_size", "training.sweep"]);
  }),
);
