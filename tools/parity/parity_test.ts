import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";
import { mock } from "node:test";
import { decodeSafetensors, encodeSafetensors } from "../../store/files/safetensors.ts";
import { main } from "./parity.ts";

const golden = (name: string) =>
  fileURLToPath(new URL(`../../tests/goldens/${name}.safetensors`, import.meta.url));
const good = golden("rnn_dfa_clipped");

async function run(...args: string[]) {
  const out = mock.method(console, "log", () => {});
  const err = mock.method(console, "error", () => {});
  const lines = ({ mock: { calls } }: typeof out) =>
    calls.flatMap((call) => (call.arguments as unknown[]).join(" ").split("\n"));
  try {
    const code = await main(args);
    return { code, out: lines(out), err: lines(err) };
  } finally {
    out.mock.restore();
    err.mock.restore();
  }
}

Deno.test("one line for every expected tensor, on standard output", async () => {
  const { code, out } = await run("--device", "reference", good);
  assert.equal(code, 0);
  assert.equal(out[0], good);
  assert.equal(out.length, 1 + 2 + 2 * 5);
  for (const line of out.slice(1)) {
    assert.match(line, /^ {2}expected\/\S+ +\d\.\d\de[-+]\d+ {2}ok$/);
  }
});

Deno.test("a file that cannot be used does not stop the next one, and the worst code counts", async () => {
  const folder = await Deno.makeTempDir();
  try {
    const [torn, unknown] = [`${folder}/torn.safetensors`, `${folder}/unknown.safetensors`];
    const bytes = await Deno.readFile(good);
    await Deno.writeFile(torn, bytes.subarray(0, -8));
    const { tensors, metadata } = decodeSafetensors(bytes, { source: good });
    const settings = metadata["case"]!.replace("simple-rnn", "simple-rxx");
    await Deno.writeFile(unknown, encodeSafetensors(tensors, { case: settings }));

    const first = await run("--device=reference", torn, `${folder}/none`, folder, good);
    assert.equal(first.code, 2);
    assert.equal(first.out[0], good);
    assert.equal(first.err.filter((line) => line.startsWith("error: ")).length, 3);
    assert.ok(first.err.includes(`error: ${folder}/none: there is no such file`));
    assert.ok(first.err.includes("1 of 4 cases agree"));

    const second = await run("--device=reference", unknown, good);
    assert.equal(second.code, 1);
    assert.match(second.err.join("\n"), /unknown family "simple-rxx"/);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
});

Deno.test("usage errors are one line and exit code 2", async () => {
  for (
    const args of [[], ["--devise", "gpu", good], ["--device", "tpu", good], ["--lowering", good]]
  ) {
    const { code, out, err } = await run(...args);
    assert.equal(code, 2, args.join(" "));
    assert.deepEqual(out, []);
    assert.equal(err.length, 1, err.join("\n"));
    assert.match(err[0]!, /^error: parity: /);
  }
});

Deno.test("--help names every option", async () => {
  const { code, out } = await run("--help");
  assert.equal(code, 0);
  for (const option of ["--device", "--allow-software-adapter", "--lowering", "FILE"]) {
    assert.ok(out.some((line) => line.includes(option)), option);
  }
});
