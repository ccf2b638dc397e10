/** A learning rate from how the loss moves while the rate rises (Smith 2017, arXiv 1506.01186, §3.3). */

/** The loss of one step, at its rate. */
export interface RateStep {
  readonly lr: number;
  readonly loss: number;
}

/** What a search for the learning rate found. */
export interface RateSearch {
  /** In the order of the steps: the rate rises evenly on a logarithmic scale. Losses are smoothed. */
  readonly curve: readonly RateStep[];
  /** A tenth of the rate at which the loss was lowest; undefined where it hardly fell. */
  readonly suggested: number | undefined;
  /** Why, in words. */
  readonly reason: string;
}

export const rates = { from: 1e-6, to: 10, steps: 100 } as const;

/** Of step `step`, counted from 0. */
export const rateOf = (step: number): number => rates.from * (rates.to / rates.from) ** (step / (rates.steps - 1));

/** How much of the mean before stays at each step. */
const kept = 0.9;
/** What is left of the first loss where training got anywhere. */
const fallen = 0.97;
const runaway = 4;
const leastSteps = 10;

/** A moving mean of the losses, which counts all steps so far from the beginning on. */
export function smoothed(losses: readonly number[]): number[] {
  let mean = 0;
  return losses.map((loss, i) => {
    mean = kept * mean + (1 - kept) * loss;
    return mean / (1 - kept ** (i + 1));
  });
}

/** Whether the loss has grown so far above its lowest that higher rates have nothing to say. */
export function hasRunAway(losses: readonly number[]): boolean {
  const means = smoothed(losses);
  return losses.length > leastSteps && (means.at(-1) as number) > runaway * Math.min(...means);
}

/** @param losses of the steps from the first on, as they were measured */
export function suggestedRate(losses: readonly number[]): RateSearch {
  const curve = smoothed(losses).map((loss, step) => ({ lr: rateOf(step), loss }));
  const [first] = curve;
  const lowest = curve.reduce((best, at) => (at.loss < best.loss ? at : best), curve[0] as RateStep);
  if (!first || curve.length <= leastSteps || lowest.loss > fallen * first.loss)
    return { curve, suggested: undefined, reason: 'the loss hardly fell at any rate' };
  const suggested = Number((lowest.lr / 10).toPrecision(2));
  return {
    curve,
    suggested,
    reason: `a tenth of ${rateText(lowest.lr)}, at which the loss was lowest (${lowest.loss.toFixed(2)}, from ${first.loss.toFixed(2)})`,
  };
}

/** 0.052 */
const rateText = (rate: number): string => String(Number(rate.toPrecision(2)));
