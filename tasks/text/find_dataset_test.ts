import assert from "node:assert/strict";
import { join } from "node:path";
import { inTemporaryFolder } from "../../store/files/testing/temporary_folder.ts";
import { SettingError } from "../../core/training/setting_error.ts";
import { downloadDataset } from "./download_dataset.ts";
import { chosenFiles, findDataset, isDatasetName, shipped } from "./find_dataset.ts";
import { readDocuments } from "./read_documents.ts";

function write(folder: string, path: string, content = ""): void {
  Deno.mkdirSync(join(folder, path, ".."), { recursive: true });
  Deno.writeTextFileSync(join(folder, path), content);
}

/** Runs with another `HF_HOME`. */
async function withHome(home: string, run: () => void | Promise<void>): Promise<void> {
  const before = Deno.env.get("HF_HOME");
  Deno.env.set("HF_HOME", home);
  try {
    await run();
  } finally {
    if (before === undefined) Deno.env.delete("HF_HOME");
    else Deno.env.set("HF_HOME", before);
  }
}

const refused = (name: string, says: RegExp) =>
  assert.throws(() => findDataset(name, "text"), (error: Error) => {
    assert.ok(error instanceof SettingError && error.key === "dataset");
    assert.match(error.expected, says);
    return true;
  });

Deno.test("data sets that come along are lists of names and paragraphs of a book", () => {
  const [names, book] = shipped.map((name) => {
    const { paths } = findDataset(name, "text");
    const options = { task: "text", column: undefined, documents: "lines" } as const;
    return [...readDocuments(paths[0]!, options)].filter((line) => line !== "");
  });
  assert.equal(names!.length, 8422);
  assert.ok(names!.every((name) => /^[A-Z][A-Za-z' -]*$/.test(name)));
  assert.equal(book!.length, 2560);
  assert.match(book![1]!, /^Call me Ishmael\. Some years ago--never mind how long precisely--/);
});

Deno.test(
  "data sets: files, folders, and a published name in the hub's store, whatever its case",
  inTemporaryFolder((folder) =>
    withHome(folder, () => {
      write(folder, "a.txt");
      assert.deepEqual(findDataset(join(folder, "a.txt"), "text"), {
        paths: [join(folder, "a.txt")],
      });
      const snapshot = "hub/datasets--roneneldan--TinyStories/snapshots/abc";
      const files = ["README.md", "all.txt", "data/train-1.parquet", "data/train-0.parquet"];
      for (const file of [...files, "data/validation-0.parquet"]) {
        write(folder, join(snapshot, file));
      }
      // What file managers leave is no version, however new it is.
      const stray = join(folder, snapshot, "../.DS_Store");
      write(folder, join(snapshot, "../.DS_Store"));
      Deno.utimeSync(stray, new Date(), new Date(Date.now() + 1e6));
      const paths = ["0", "1"].map((n) => join(folder, snapshot, `data/train-${n}.parquet`));
      assert.deepEqual(findDataset("roneneldan/tinystories", "text"), { column: "text", paths });
      assert.deepEqual(findDataset(join(folder, snapshot), "text"), { paths });
      refused(
        "jbrazzy/baby_names",
        /a data set on this machine .*HF_HOME|hub.*--download fetches it/,
      );
    })
  ),
);

Deno.test(
  "data sets: what is none is told in a line",
  inTemporaryFolder((folder) => {
    write(folder, "a.pdf");
    Deno.mkdirSync(join(folder, "empty"));
    refused(join(folder, "a.pdf"), /^a file that ends in \.txt, /);
    refused(join(folder, "empty"), /^a folder with files of \.parquet/);
    refused(
      join(folder, "none.txt"),
      /^names, book, a published name such as .*, or a file that is there/,
    );
    refused("/dev/null", /^a file, not a pipe/);
    return withHome("", () => refused("some/thing", /HF_HOME, which is not set/));
  }),
);

Deno.test("data sets: their names differ from those of tasks", () => {
  for (const name of ["names", "book", "a/b", "x.txt", "x.csv.gz", "./x.jsonl"]) {
    assert.ok(isDatasetName(name), name);
  }
  for (const name of ["palindrome", "3_resequence", "key-recall", "palindorme"]) {
    assert.ok(!isDatasetName(name), name);
  }
});

Deno.test("data sets: of several files those of the best kind are read, not the held-out ones", () => {
  assert.deepEqual(chosenFiles(["b.csv", "a.csv", "test.csv", "c.txt"]), ["a.csv", "b.csv"]);
  assert.deepEqual(chosenFiles(["valid.txt", "x.md"]), ["valid.txt"]);
  assert.deepEqual(chosenFiles(["x.md"]), []);
});

/** A server with these answers, which counts what it is asked for. */
function serverOf(answers: Readonly<Record<string, string>>) {
  const asked: string[] = [];
  const get = (address: string) => {
    asked.push(address);
    const answer = answers[address];
    return Promise.resolve(
      new Response(answer ?? "", { status: answer === undefined ? 404 : 200 }),
    );
  };
  return { asked, get };
}

const listing = (names: readonly string[], id = "roneneldan/TinyStories") =>
  JSON.stringify({ id, sha: "0a1b", siblings: names.map((rfilename) => ({ rfilename })) });
const api = "https://huggingface.co/api/datasets/roneneldan/tinystories/revision/main";
const resolved = "https://huggingface.co/datasets/roneneldan/TinyStories/resolve/0a1b";

Deno.test(
  "a download fetches what is trained on over https, once, and it is found then",
  inTemporaryFolder((folder) =>
    withHome(folder, async () => {
      const { asked, get } = serverOf({
        [api]: listing(["README.md", "data/train.jsonl", "data/test.jsonl"]),
        [`${resolved}/data/train.jsonl`]: '{"text": "a story"}\n',
      });
      const lines: string[] = [];
      const say = (line: string) => lines.push(line);
      await downloadDataset("roneneldan/tinystories", { fetch: get, say });
      assert.deepEqual(asked, [api, `${resolved}/data/train.jsonl`]);
      assert.deepEqual(lines, ["downloading roneneldan/TinyStories/data/train.jsonl"]);
      const { paths, column } = findDataset("roneneldan/tinystories", "text");
      assert.equal(column, "text");
      assert.equal(Deno.readTextFileSync(paths[0]!), '{"text": "a story"}\n');
      await downloadDataset("roneneldan/tinystories", { fetch: get, say });
      assert.equal(asked.length, 3);
    })
  ),
);

Deno.test(
  "a download that cannot be is told in a line, and leaves no half file",
  inTemporaryFolder(async (folder) => {
    const hub = join(folder, "hub");
    const attempt = (name: string, answers: Readonly<Record<string, string>>, says: RegExp) =>
      assert.rejects(
        downloadDataset(name, { fetch: serverOf(answers).get, hub, say: () => {} }),
        (error: Error) => {
          assert.ok(error instanceof RangeError && !error.message.includes("\n"));
          assert.match(error.message, says);
          return true;
        },
      );
    const name = "roneneldan/tinystories";
    await attempt("book", {}, /expected a published name/);
    await attempt(name, {}, /the server answers 404/);
    await attempt(name, { [api]: "<html>" }, /list of files cannot be read/);
    await attempt(name, { [api]: listing(["../../x.txt"]) }, /list of files cannot be read/);
    await attempt(name, { [api]: listing(["x.txt"], "../up") }, /list of files cannot be read/);
    await attempt(name, { [api]: listing(["x.txt"]) }, /x\.txt: the server answers 404/);
    assert.throws(() =>
      Deno.statSync(join(hub, "datasets--roneneldan--TinyStories/snapshots/0a1b/x.txt"))
    );
    const whole = serverOf({ [api]: listing(["x.txt"]), [`${resolved}/x.txt`]: "all" });
    const file = join(folder, "file");
    Deno.writeTextFileSync(file, "");
    const torn = async (address: string) => {
      if (address === api) return await whole.get(address);
      return new Response(
        new ReadableStream({ pull: (stream) => stream.error(new TypeError("it broke off")) }),
      );
    };
    const kept = { [file]: whole.get, [hub]: torn };
    for (const [hub, fetch] of Object.entries(kept)) {
      await assert.rejects(
        downloadDataset(name, { fetch, hub, say: () => {} }),
        /^RangeError: --download: cannot store .*x\.txt: (Not a directory|it broke off)/,
      );
    }
    assert.throws(() =>
      Deno.statSync(join(hub, "datasets--roneneldan--TinyStories/snapshots/0a1b/x.txt"))
    );
    const closed = () => Promise.reject(new Deno.errors.NotCapable("Requires net access"));
    await assert.rejects(
      downloadDataset(name, { fetch: closed, hub, say: () => {} }),
      /this command may not use the network; docs\/text\.md has one that may/,
    );
    const { get } = serverOf({});
    await withHome("", () =>
      assert.rejects(
        downloadDataset(name, { fetch: get, say: () => {} }),
        /^RangeError: --download: HF_HOME has to name/,
      ));
  }),
);
