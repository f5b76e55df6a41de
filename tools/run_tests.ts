/**
 * `deno task test`: installs what the tests need, if it may, then runs all tests, those of kernels with V8's
 * flags and without, and checks types beside. Arguments go to `deno test`, which then checks the types of these tests. In
 * CI, where the variable CI is set, a skipped test is a failure.
 */
import { aptInstall, softwareDriverPackages } from "../cli/doctor/software_driver.ts";
import { readTestSummary } from "./test_summary.ts";

const chromium = Deno.env.get("HEBB_CHROMIUM") ?? "/usr/bin/chromium";
/** Shells that complete `hebb`, beside bash. */
const shells = ["zsh", "fish"];
const isCi = Deno.env.get("CI") !== undefined;

/** Without these Mesa's device selection layer looks for a display and complains. */
const graphics = {
  NODEVICE_SELECT: "1",
  ...Deno.build.os === "linux" ? { DENO_WEBGPU_BACKEND: "vulkan" } : {},
};

const exists = (path: string): boolean => {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
};

function run(command: string, args: readonly string[], env: Record<string, string>): boolean {
  const options = { args: [...args], env, stdin: "null", stdout: "inherit", stderr: "inherit" };
  return new Deno.Command(command, options as Deno.CommandOptions).outputSync().success;
}

const hasAdapter = () => run("deno", ["run", "--no-prompt", "tools/find_adapter.ts"], graphics);

function missingPackages(): string[] {
  return [
    ...hasAdapter() ? [] : softwareDriverPackages,
    ...exists(chromium) ? [] : ["chromium"],
    ...shells.filter((shell) => !exists(`/usr/bin/${shell}`)),
  ];
}

const slurmPackages = ["munge", "slurm-client", "slurmctld", "slurmd"];
const slurmDaemons = ["munged", "slurmctld", "slurmd"];
const slurmPrograms = [...slurmDaemons, "sbatch", "scancel", "scontrol", "sinfo", "squeue"];
const hasSlurm = () => slurmDaemons.every((name) => exists(`/usr/sbin/${name}`));

const mayInstall = () =>
  Deno.build.os === "linux" && exists("/usr/bin/apt-get") && Deno.uid() === 0;

function install(packages: readonly string[]): boolean {
  console.error(`installing for the tests: ${packages.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  return run("apt-get", ["update", "-q"], env) &&
    run("apt-get", ["install", "-q", "-y", "--no-install-recommends", ...packages], env);
}

/**
 * Installs what is missing, or says how to and exits: a test that cannot run has not passed. Slurm takes root,
 * and its tests are skipped without.
 */
function provision(): void {
  if (mayInstall() && !hasSlurm()) install(slurmPackages);
  const missing = missingPackages();
  if (missing.length === 0) return;
  if (Deno.build.os !== "linux") {
    console.error(`warning: tests that need ${missing.join(", ")} are skipped`);
    return;
  }
  if (mayInstall() && install(missing) && missingPackages().length === 0) return;
  console.error(
    `error: the tests need what is missing here; run as root: ${aptInstall(missing)}`,
  );
  Deno.exit(1);
}

provision();

// Deno would say of each program that is missing that it is.
const programs = ["mkfifo", "python3", chromium, "sh", "bash", ...shells]
  .concat(hasSlurm() ? slurmPrograms : []);
/** The tests write temporary folders, links and pipes, and start this program and others. */
const permissions = [
  "--no-prompt",
  "--allow-read",
  "--allow-write",
  "--allow-env",
  "--allow-sys=homedir,hostname,uid",
  `--allow-run=deno,${programs}`,
];

/** Tests wait for disks, pages and processes, so there is work for one more than there are cores. */
const jobs = Deno.env.get("DENO_JOBS") ?? String(navigator.hardwareConcurrency + 1);

/** Runs `deno test`. @returns its exit code. */
async function runTests(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<number> {
  const child = new Deno.Command("deno", {
    args: ["test", "--parallel", ...permissions, ...args],
    // playwright-core looks into /proc, which takes all permissions, unless this is set.
    env: {
      ...graphics,
      DENO_JOBS: jobs,
      __IS_WSL_TEST__: "1",
      ...isCi ? { NO_COLOR: "1" } : {},
      ...env,
    },
    stdin: "null",
    stdout: isCi ? "piped" : "inherit",
    stderr: "inherit",
  }).spawn();
  if (!isCi) return (await child.status).code;
  let tail = "";
  for await (const chunk of child.stdout) {
    for (let at = 0; at < chunk.length;) at += Deno.stdout.writeSync(chunk.subarray(at));
    tail = (tail + new TextDecoder().decode(chunk)).slice(-4000);
  }
  const { code } = await child.status;
  const ignored = readTestSummary(tail)?.ignored ?? 0;
  if (code !== 0 || ignored === 0) return code;
  console.error(`error: ${ignored} tests were skipped, which is a failure in CI`);
  return 1;
}

/** Tests of what V8 makes of the cpu backend's kernels, on V8 without the flags that the task gives. */
const testsWithoutFlags = [
  ...["--filter", "/cpu/"],
  ...["core/backends/*_test.ts", "core/backends/cpu/", "tools/parity/"],
];

/** Checks the types of all files: the compiler has one thread, and tests go on meanwhile. @returns its exit code. */
async function checkTypes(): Promise<number> {
  const options: Deno.CommandOptions = { args: ["check", "--quiet"], stdin: "null" };
  return (await new Deno.Command("deno", options).spawn().status).code;
}

async function runEverything(): Promise<number> {
  const checked = checkTypes();
  const withoutFlags = await runTests(["--no-check", ...testsWithoutFlags], {
    DENO_V8_FLAGS: "--wasm-bounds-checks",
  });
  // All tests come last, since the end of the output counts them.
  return await runTests(["--no-check"]) || withoutFlags || await checked;
}

Deno.exit(Deno.args.length === 0 ? await runEverything() : await runTests(Deno.args));
