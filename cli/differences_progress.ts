/** How far central differences are, and how they could be quicker. */
import { formatDuration } from "../store/progress/format_progress.ts";

/** Seconds before the first line, and from one to the next. */
const PERIOD = 2;

/** Seconds left from which on it is said how to need fewer. */
const LONG = 10;

/**
 * Makes what `checkGradient` calls as `onSample`. Work of less than two seconds is not told of.
 *
 * @param options.say writes a line that stays.
 * @param options.show shows a line that the next one may take the place of.
 * @param options.now the time in seconds; default: a monotonic clock.
 */
export function differencesProgress(
  { say, show, now = () => performance.now() / 1000 }: {
    say: (line: string) => void;
    show: (line: string) => void;
    now?: () => number;
  },
): (moved: number, total: number) => void {
  let [start, told] = [now(), now()];
  let isAdvised = false;
  return (moved, total) => {
    const time = now();
    if (moved === 0) start = told = time;
    if (time - told < PERIOD) return;
    told = time;
    const left = (time - start) / moved * (total - moved);
    if (left >= LONG && !isAdvised) {
      say("--samples N, or smaller sizes by --set, make it quicker");
      isAdvised = true;
    }
    show(`central differences: ${moved} of ${total} numbers, ${formatDuration(left)} left`);
  };
}
