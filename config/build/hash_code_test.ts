import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { hashCode } from "./hash_code.ts";

Deno.test(
  "hash of code: imports and files that it reads from beside itself count, others do not",
  inTemporaryFolder(async (folder) => {
    const write = (name: string, text: string) => Deno.writeTextFileSync(join(folder, name), text);
    write("task.ts", 'import "./part.mjs";\nconst at = new URL("table.csv", import.meta.url);\n');
    write("part.mjs", "1;\n");
    write("table.csv", "a\n1\n");
    write("other.csv", "a\n1\n");
    const hash = () => hashCode(join(folder, "task.ts"));
    const first = await hash();
    write("other.csv", "a\n2\n");
    assert.equal(await hash(), first);
    for (const name of ["part.mjs", "table.csv"]) {
      const before = await hash();
      write(name, "2\n");
      assert.notEqual(await hash(), before);
    }
  }),
);
