/** The slope of a loss by differences, and whether it has a kink there. */

/** h, by which a number is moved. */
const STEP = 1e-5;
/** The part of h that shows whether a difference of slopes is a kink, or is due to a kink nearby. */
const PART = 1 / 16;
/** Relative error from which a central difference is computed again, with a smaller error. */
const DOUBT = 1e-7;
/** Relative error that is no doubt any more. */
const ERROR = 1e-6;

/** What rounding of losses of this size may do to a difference of them over h. */
export const roundingOf = (loss: number): number => 10 * Number.EPSILON * Math.abs(loss) / STEP;

/** A slope by differences. */
export interface LossSlope {
  readonly central: number;
  /** Whether the slopes on both sides differ, and the derived one is one of them or between them. */
  readonly isKink: boolean;
}

/**
 * The slope of a loss at 0.
 *
 * In case of doubt about the derived slope the term of third derivatives is removed (Richardson, 1911). If doubt
 * remains, the slopes on both sides are compared over h and over a part of it: the difference of a smooth loss
 * shrinks with h, that of a kink stays, and that of a kink nearby is gone.
 *
 * @param lossAt the loss where the number is moved by a step.
 * @param derived the slope to be checked.
 */
export async function slopeOf(
  lossAt: (step: number) => Promise<number>,
  derived: number,
): Promise<LossSlope> {
  const [above, below] = [await lossAt(STEP), await lossAt(-STEP)];
  const plain = (above - below) / (2 * STEP);
  const rounding = roundingOf(Math.max(Math.abs(above), Math.abs(below)));
  const isNear = (slope: number, relative: number, slack = rounding) =>
    Math.abs(derived - slope) <= Math.max(relative * Math.abs(slope), slack);
  if (isNear(plain, DOUBT)) return { central: plain, isKink: false };
  const wide = (await lossAt(2 * STEP) - await lossAt(-2 * STEP)) / (4 * STEP);
  const central = (4 * plain - wide) / 3;
  if (isNear(central, ERROR)) return { central, isKink: false };
  const here = await lossAt(0);
  const small = PART * STEP;
  const [right, left] = [
    (await lossAt(small) - here) / small,
    (here - await lossAt(-small)) / small,
  ];
  const slack = rounding / PART;
  // A kink nearby spoils wide differences alone.
  if (isNear((right + left) / 2, ERROR, slack)) {
    return { central: (right + left) / 2, isKink: false };
  }
  const bend = Math.abs((above - here) / STEP - (here - below) / STEP);
  const isBent = Math.abs(right - left) > Math.max(bend / 2, 2 * slack);
  const isBetween = derived >= Math.min(left, right) - slack &&
    derived <= Math.max(left, right) + slack;
  return { central, isKink: isBent && isBetween };
}
