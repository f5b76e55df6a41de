import assert from "node:assert/strict";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { writeStatus } from "../../store/files/status.ts";
import { currentExamination } from "./current_examination.ts";

const examination = { version: 2, updates: 7, device: "cpu", networks: [] };
const status = {
  run: "made",
  ...{ iterations: 7, sequences: 7, seconds: 1, device: "cpu", metrics: {} },
};

Deno.test(
  "an examination counts until the run has done more, or the file is damaged",
  inTemporaryFolder((folder) => {
    const path = `${folder}/examination.json`;
    assert.deepEqual(currentExamination(folder), { examination: undefined, problem: undefined });
    Deno.writeTextFileSync(path, JSON.stringify(examination));
    writeStatus(folder, { ...status, state: "finished", end_reason: "completed" });
    assert.equal(currentExamination(folder).examination?.updates, 7);

    Deno.mkdirSync(`${folder}/checkpoints`);
    const says = (updates: number) => ({
      examination: undefined,
      problem: `${path}: after 7 updates, the run has done ${updates}`,
    });
    Deno.writeTextFileSync(`${folder}/checkpoints/step-00000009.safetensors`, "");
    writeStatus(folder, { ...status, iterations: 8, state: "running", end_reason: null });
    const { problem } = currentExamination(folder);
    assert.ok([says(8).problem, says(9).problem].includes(problem!), problem);

    Deno.writeTextFileSync(path, JSON.stringify(examination).slice(0, 20));
    assert.deepEqual(currentExamination(folder), {
      examination: undefined,
      problem:
        `${path}: is not valid JSON: Unterminated string in JSON at position 20 (line 1 column 21)`,
    });
    // One of another form is as if there were none.
    Deno.writeTextFileSync(path, JSON.stringify({ version: 1 }));
    assert.deepEqual(currentExamination(folder), { examination: undefined, problem: undefined });
  }),
);
