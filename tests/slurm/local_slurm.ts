/** A Slurm of one node on this machine. It lives in a temporary folder and listens to loopback alone. */
import { join } from "node:path";

/** Its daemons, and that of Munge. */
const daemons = ["munged", "slurmctld", "slurmd"];

export interface LocalSlurm extends AsyncDisposable {
  /** What its programs need. */
  readonly env: Readonly<Record<string, string>>;
  /** Runs a program of Slurm. @returns its standard output. */
  run(program: string, ...args: string[]): Promise<string>;
  /** Waits until the queue is empty. */
  idle(): Promise<void>;
}

/** Ports below those that a system gives to anybody. */
const randomPort = () => 20_000 + Math.floor(Math.random() * 10_000);

const configuration = (folder: string, { maxArraySize }: { maxArraySize: number }) => `
ClusterName=hebb
SlurmctldHost=${Deno.hostname()}(127.0.0.1)
SlurmUser=root
SlurmctldPort=${randomPort()}
SlurmdPort=${randomPort()}
# A task that goes back into the queue waits until its credential is over, two minutes by default.
AuthInfo=socket=${folder}/munge.socket,cred_expire=5
CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
StateSaveLocation=${folder}
SlurmdSpoolDir=${folder}/spool
SlurmctldPidFile=${folder}/slurmctld.pid
SlurmdPidFile=${folder}/slurmd.pid
SlurmctldLogFile=${folder}/slurmctld.log
SlurmdLogFile=${folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/builtin
SchedulerParameters=batch_sched_delay=0,sched_interval=1
MaxArraySize=${maxArraySize}
ReturnToService=2
NodeName=${Deno.hostname()} NodeAddr=127.0.0.1 CPUs=2
PartitionName=main Nodes=ALL Default=YES
`;

/** Starts it, and waits until its node takes jobs. It ends with all its jobs when it is disposed of. */
export async function startSlurm(options: { maxArraySize: number }): Promise<LocalSlurm> {
  const folder = await Deno.makeTempDir({ prefix: "slurm" });
  // Munge wants its socket to be reached by everybody.
  await Deno.chmod(folder, 0o711);
  await Deno.writeFile(`${folder}/key`, crypto.getRandomValues(new Uint8Array(128)), {
    mode: 0o600,
  });
  const env = { SLURM_CONF: join(folder, "slurm.conf") };
  await Deno.writeTextFile(env.SLURM_CONF, configuration(folder, options));
  const run = (program: string, ...args: string[]) => outputOf(program, { args, env });
  const idle = () => untilSays("", 300, () => run("squeue", "--noheader"));

  // They stay in the foreground, so that they can be ended as what this process has started.
  const started: Deno.ChildProcess[] = [];
  const start = (program: string, ...args: string[]) => {
    const streams = { stdin: "null", stdout: "null", stderr: "null" } as const;
    started.unshift(new Deno.Command(program, { args, env, ...streams }).spawn());
  };
  const end = async () => {
    for (const daemon of started) {
      try {
        daemon.kill();
      } catch {
        // It has ended by itself.
      }
      await daemon.status;
    }
    await Deno.remove(folder, { recursive: true });
  };
  try {
    start(
      ...["munged", "--foreground", `--key-file=${folder}/key`] as const,
      ...["socket", "pid-file", "log-file", "seed-file"].map((name) =>
        `--${name}=${folder}/munge.${name}`
      ),
    );
    await untilSays("socket", 10, () => Deno.stat(`${folder}/munge.socket`).then(() => "socket"));
    start("slurmctld", "-D");
    start("slurmd", "-D", "-N", Deno.hostname());
    await untilSays("idle", 30, () => run("sinfo", "--noheader", "--format=%t"));
  } catch (error) {
    await end();
    throw error;
  }
  return {
    env,
    run,
    idle,
    async [Symbol.asyncDispose]() {
      try {
        await run("scancel", "--user=root");
        await idle();
      } finally {
        await end();
      }
    },
  };
}

async function outputOf(
  program: string,
  options: { args: string[]; env: Record<string, string> },
): Promise<string> {
  const { code, stdout, stderr } = await new Deno.Command(program, options).output();
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes).trim();
  if (code !== 0) throw new Error(`${program} ${options.args.join(" ")}: ${text(stderr)}`);
  return text(stdout);
}

/** Asks until the answer is right. What is not there yet may fail. */
async function untilSays(
  answer: string,
  seconds: number,
  ask: () => Promise<string>,
): Promise<void> {
  const end = performance.now() + 1000 * seconds;
  for (;;) {
    const said = await ask().catch((error: Error) => error);
    if (said === answer) return;
    if (performance.now() > end) throw new Error(`no "${answer}" in ${seconds} s, but: ${said}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Why Slurm cannot be started here; undefined: it can. */
export function whyNoSlurm(): string | undefined {
  if (Deno.build.os !== "linux") return "it needs Linux";
  if (Deno.uid() !== 0) return "it needs root";
  const missing = daemons.filter((name) => !exists(`/usr/sbin/${name}`));
  return missing.length === 0 ? undefined : `there is no ${missing.join(", ")}`;
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch {
    return false;
  }
}
