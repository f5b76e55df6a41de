/** A run of the attractor network, through the commands that read it. */
import assert from "node:assert/strict";
import { inTemporaryFolder } from "../store/files/testing/temporary_folder.ts";
import { runHebb } from "./testing/run_hebb.ts";

Deno.test(
  "evaluate tells amounts beside shares, visualize draws what is fixed for a sequence",
  inTemporaryFolder(async (folder) => {
    const train = [
      ...["train", "--preset", "published-attractor", "--set", "task.neurons=8"],
      ...["--memories=20", "--steps=40", "--presentation-steps=8", "--iterations=5"],
      ...["--test-sequences=4", "--device=cpu", "--threads=1", "--out=run"],
    ];
    const trained = await runHebb(train, { folder });
    assert.equal(trained.code, 0, trained.stderr);
    const device = ["--device=cpu", "--threads=1"];
    const judged = await runHebb(["evaluate", "run", "--sequences=50", ...device], { folder });
    assert.equal(judged.code, 0, judged.stderr);
    assert.match(judged.stdout, /^kept +\d\.\d{4} \[.*\] +\d+ of 50$/m);
    // More than one a sequence: no share of anything.
    assert.match(judged.stdout, /^wrong_bits +[1-9]\.\d+ \[.*\]$/m);
    assert.match(judged.stdout, /^retention +-?\d\.\d+ \[.*\]$/m);
    const drawn = await runHebb(["visualize", "run", ...device], { folder });
    assert.equal(drawn.code, 0, drawn.stderr);
  }),
);
