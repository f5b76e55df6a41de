import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { siteOptions } from "./site_options.ts";

Deno.test("options of sbatch become lines that Slurm reads", () => {
  const sbatch = ["time=4:00:00", "exclusive", "mail-user=a b", "gres=gpu:1"];
  assert.deepEqual(siteOptions({ sbatch }), {
    options: [
      "#SBATCH --time=4:00:00",
      "#SBATCH --exclusive",
      "#SBATCH --mail-user='a b'",
      "#SBATCH --gres=gpu:1",
    ],
    commands: [],
  });
});

Deno.test(
  "a template of a site comes before what is typed, so that what is typed counts",
  inTemporaryFolder((folder) => {
    const file = join(folder, "site.sh");
    Deno.writeTextFileSync(
      file,
      "#!/bin/bash\n#SBATCH --account=lab\n# ours\n\n#SBATCH --time=1:00\nmodule load deno\nulimit -c 0\n",
    );
    assert.deepEqual(siteOptions({ sbatch: ["time=2:00"], sbatchFile: file }), {
      options: ["#SBATCH --account=lab", "# ours", "#SBATCH --time=1:00", "#SBATCH --time=2:00"],
      commands: ["module load deno", "ulimit -c 0"],
    });
  }),
);

Deno.test(
  "what would not reach Slurm is refused",
  inTemporaryFolder((folder) => {
    const refuses = (sbatch: string[], file: string | undefined, expected: RegExp) =>
      assert.throws(() => siteOptions({ sbatch, sbatchFile: file }), expected);
    refuses(["--time=1"], undefined, /an option without its dashes, such as .* got "--time=1"/);
    refuses(["array=1-3"], undefined, /--sbatch array: the shards are the array/);
    refuses(["comment=a\nb"], undefined, /cannot be part of a command in one line/);
    refuses([], join(folder, "none"), /--sbatch-file .*none: there is no such file/);
    const late = join(folder, "late.sh");
    Deno.writeTextFileSync(late, "module load deno\n#SBATCH --time=1\n");
    refuses([], late, /"#SBATCH --time=1" comes after a command, where Slurm reads none/);
  }),
);
