/** The best network of each replica, by a metric of the rows: kept beside the newest ones, and tested. */
import type { Values } from "../backends/backend.ts";
import { sliceOf } from "./divergence.ts";
import { type BestNetworks, follow } from "./followed_metric.ts";
import { stateOf } from "./freeze_diverged.ts";
import type { TrainState } from "./train_options.ts";
import type { TrainingRun } from "./training_run.ts";

/** Keeps the networks that are better than ever in the row just measured, and tells a hook. */
export async function keepBest(run: TrainingRun): Promise<void> {
  const { options: { keepBest, hooks }, best, iteration, metrics } = run;
  const metric = keepBest && metrics[keepBest.name];
  if (!metric || !best) return;
  if (follow(best.standing, { ...keepBest, metric, iteration }).length === 0) return;
  const state = await stateOf(run);
  if (!state) return;
  run.best = { ...best, tensors: merged(best, state) };
  hooks?.onBest?.(run.best, state);
}

/** The tensors of a state, in which replicas that were better before are as they were then. */
function merged(
  { standing: { values, iterations }, tensors: before }: BestNetworks,
  { iteration, tensors }: TrainState,
): Map<string, Values> {
  const replicas = values.length;
  const isOlder = (replica: number) =>
    !Number.isNaN(values[replica]!) && iterations[replica] !== iteration;
  return new Map([...tensors].map(([name, newest]) => {
    const kept = newest.slice();
    for (let replica = 0; replica < replicas; replica++) {
      const old = before.get(name);
      if (!old || !isOlder(replica)) continue;
      sliceOf(kept, { replica, replicas }).set(sliceOf(old, { replica, replicas }));
    }
    return [name, kept];
  }));
}

/** Puts the best networks onto the device, to be tested and used; replicas without one stay as they are. */
export async function loadBest({ best, session: { engine } }: TrainingRun): Promise<void> {
  if (!best || best.tensors.size === 0) return;
  const { values } = best.standing;
  const replicas = values.length;
  const tensors = await engine.read([...best.tensors.keys()]);
  for (const [name, current] of tensors) {
    const loaded = current.slice();
    values.forEach((value, replica) => {
      if (Number.isNaN(value)) return;
      sliceOf(loaded, { replica, replicas })
        .set(sliceOf(best.tensors.get(name)!, { replica, replicas }));
    });
    engine.write(name, loaded);
  }
}
