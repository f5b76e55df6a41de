import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { assertRefused } from "./testing/assert_refused.ts";
import { runHebb } from "./testing/run_hebb.ts";
import { tinyArguments } from "./testing/tiny_run.ts";

interface BadInput {
  readonly what: string;
  readonly args: readonly string[];
  readonly says: RegExp;
  readonly code?: number;
}

const cases: readonly BadInput[] = [
  {
    what: "an unknown flag",
    args: ["--learnin-rate=1"],
    says: /"--learnin-rate=1".*--learning-rate/,
  },
  {
    what: "an unknown setting",
    args: ["--set", "model.hiden_size=3"],
    says: /--set model\.hiden_size: .*did you mean hidden_size/,
  },
  {
    what: "an unknown key in a file",
    args: ["--config=bad.yaml"],
    says: /bad\.yaml: updater\.lerning_rate: .*did you mean learning_rate/,
  },
  {
    what: "an unknown section in a file",
    args: ["--config=section.json"],
    says: /section\.json: no section is named "modle" \(did you mean model\?\)/,
  },
  {
    what: "a file that is no YAML",
    args: ["--config=broken.yaml"],
    says: /broken\.yaml: .*line 1/,
  },
  {
    what: "a setting of another model that this would not take",
    args: ["--model_type=rnn", "--plast_clip=-3"],
    says: /--plast_clip: expected at least 0, got -3/,
  },
  {
    what: "a setting of another model in a file",
    args: ["--config=foreign.yaml"],
    says:
      /foreign\.yaml: model\.plast_clip: model rnn has no setting "plast_clip" \(ethereal has it\)/,
  },
  {
    what: "one setting by two names",
    args: ["--plast_clip=3", "--plasticity=4"],
    says: /--plasticity: it means plast_clip, which --plast_clip sets already/,
  },
  {
    what: "a published option of the wrong type",
    args: ["--plast_learning_rate=fast"],
    says: /--plast_learning_rate: expected a number, got "fast"/,
  },
  {
    what: "a wrong type",
    args: ["--hidden_size=many"],
    says: /--hidden_size: expected a whole number, got "many"/,
  },
  {
    what: "a wrong type in a file",
    args: ["--config=type.yaml"],
    says: /type\.yaml: model\.hidden_size: expected a number, got "many"/,
  },
  {
    what: "a value out of range",
    args: ["--forget-rate=2"],
    says: /--forget-rate: expected at most 1, got 2/,
  },
  {
    what: "an impossible size",
    args: ["--hidden-size=0"],
    says: /--hidden-size: expected at least 1, got 0/,
  },
  {
    what: "a size that no memory holds",
    args: ["--hidden-size=8192", "--num-layers=32", "--batch-size=65536", "--device=reference"],
    says: /needs at least [\d.]+ [TP]iB of memory/,
  },
  { what: "an unknown task", args: ["--dataset=palindorme"], says: /did you mean palindrome/ },
  {
    what: "an unknown device",
    args: ["--device=gup"],
    says: /--device: expected one of auto, gpu/,
  },
  {
    what: "a folder that holds something",
    args: ["--out=full"],
    says: /folder full is not empty and holds no run/,
  },
  {
    what: "a file instead of a folder",
    args: ["--out=bad.yaml"],
    says: /--out bad\.yaml: it is a file, expected a folder/,
  },
  {
    what: "a folder below a file",
    args: ["--out=bad.yaml/run"],
    says: /--out bad\.yaml\/run: .*bad\.yaml is a file, expected a folder/,
  },
  {
    what: "a folder without a name",
    args: ["--out="],
    says: /--out: expected the name of a folder, got an empty text/,
  },
  {
    what: "resuming what is no run",
    args: ["--resume=full"],
    says: /cannot resume full: it holds no run/,
  },
  {
    what: "a missing adapter",
    args: ["--device=gpu"],
    says: /no GPU adapter found|--allow-software-adapter/,
    code: 1,
  },
];

Deno.test(
  "train: bad input gives one line and its exit code, and touches no file",
  async (t) => {
    const folder = Deno.makeTempDirSync({ prefix: "hebb_" });
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(folder, name), text);
    write("bad.yaml", "updater: {lerning_rate: 1}");
    write("section.json", '{"modle": {}}');
    write("broken.yaml", "model: {");
    write("foreign.yaml", "model: {name: rnn, plast_clip: 3}");
    write("type.yaml", "model: {hidden_size: many}");
    Deno.mkdirSync(join(folder, "full"));
    write("full/theirs.txt", "not ours");
    try {
      for (const { what, args, says, code } of cases) {
        // A hardware GPU would not be missing.
        const ignore = what === "a missing adapter" && await hasHardware();
        await t.step({
          name: what,
          ignore,
          fn: () => assertRefused(["train", ...args], { folder, says, ...code ? { code } : {} }),
        });
      }
    } finally {
      Deno.removeSync(folder, { recursive: true });
    }
  },
);

async function hasHardware(): Promise<boolean> {
  const { findAdapter, isSoftwareAdapter } = await import(
    "../core/backends/webgpu/device/adapter.ts"
  );
  const adapter = await findAdapter();
  return adapter !== undefined && !isSoftwareAdapter(adapter);
}

Deno.test(
  "train: a damaged checkpoint, another config or a finished folder is refused on resume",
  inTemporaryFolder(async (folder) => {
    const run = join(folder, "run");
    const args = [...tinyArguments, "--device=reference", "--iterations=4", "--checkpoint-every=0"];
    const { code, stderr } = await runHebb([...args, "--out=run"], { folder });
    assert.equal(code, 0, stderr);
    const refused = (extra: string[], says: RegExp) =>
      assertRefused(["train", ...extra], { folder, says });
    await refused(["--out=run"], /already holds a finished run \(completed\)/);
    await refused(
      ["--resume=run", "--set", "model.plast_clip=3"],
      /another model\.plast_clip: the run has 350, got 3/,
    );
    await refused(["--resume=run", "--updater=bptt"], /another updater\.name: the run has "dfa"/);
    const other = await runHebb(["train", "--resume=run", "--device=cpu"], { folder });
    assert.equal(other.code, 2);
    assert.match(other.stderr, /is in float64 .*, this device computes in float32/);
    const [checkpoint] = [...Deno.readDirSync(join(run, "checkpoints"))];
    const path = join(run, "checkpoints", checkpoint!.name);
    const bytes = Deno.readFileSync(path);
    bytes[bytes.length - 1]! ^= 1;
    Deno.writeFileSync(path, bytes);
    await refused(["--resume=run"], /cannot resume run: damaged checkpoint: .*SHA-256/);
  }),
);

Deno.test(
  "help: a command that is not there is refused, whatever objects inherit",
  inTemporaryFolder(async (folder) => {
    for (const name of ["toString", "nope"]) {
      const says = new RegExp(`no command is named "${name}".*commands are train, report`);
      await assertRefused(["help", name], { folder, says });
    }
    const { code, stdout } = await runHebb(["help", "report"], { folder });
    assert.equal(code, 0);
    assert.match(stdout, /report/);
  }),
);

Deno.test(
  "report: a folder that holds no run is refused",
  inTemporaryFolder((folder) =>
    assertRefused(["report", "nothing"], { folder, says: /nothing is not the folder of a run/ })
  ),
);
