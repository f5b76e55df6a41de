/** Works through jobs, some at a time, in their order. */

/**
 * @param options.atOnce jobs at a time.
 * @param options.work does one job; what it throws ends the others' turn too.
 * @param options.isStopped asked before each job: no more are begun then.
 */
export async function runJobs<J>(
  jobs: readonly J[],
  { atOnce, work, isStopped }: {
    atOnce: number;
    work: (job: J) => Promise<void>;
    isStopped: () => boolean;
  },
): Promise<void> {
  let next = 0;
  let hasThrown = false;
  const worker = async () => {
    while (next < jobs.length && !isStopped() && !hasThrown) {
      try {
        await work(jobs[next++]!);
      } catch (error) {
        hasThrown = true;
        throw error;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}
