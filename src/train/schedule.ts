/** How the learning rate moves over a run. */
import { ConfigError } from '../tensor/index.ts';

export interface Schedule {
  readonly name: string;
  /** What it was made with, as written to configuration files. */
  readonly options: Readonly<Record<string, unknown>>;
  /** The learning rate of step `step`, counted from 0, of a run of `totalSteps`. */
  rate(step: number, totalSteps: number): number;
}

interface WarmUp {
  /** The learning rate after the warm-up. */
  readonly lr: number;
  /** Share of the run that leads up to the first rate in equal increments (Goyal et al. 2017, arXiv 1706.02677, §2.2); default 0. */
  readonly warmup?: number;
}

export interface StepOptions extends WarmUp {
  /** Where the rate drops, as fractions of the run: epochs 30 and 60 of 90 are `[1/3, 2/3]`. */
  readonly milestones: readonly number[];
  /** What the rate is multiplied by at each milestone; default 0.1. */
  readonly factor?: number;
}

/** A constant rate that drops at milestones, as in He et al. 2015, §4.2: `step({ lr: 0.1, milestones: [0.5, 0.75] })`. @throws ConfigError */
export function step({ lr, milestones, factor = 0.1, warmup = 0 }: StepOptions): Schedule {
  expectRates('step', { lr, factor }, warmup);
  const wrong = milestones.find((milestone) => !(milestone > 0 && milestone < 1));
  if (wrong !== undefined)
    throw new ConfigError(
      `step: \`milestones\` must lie between 0 and 1, but one is ${wrong}`,
      'they are fractions of the run: epoch 30 of 90 is 1/3',
    );
  return {
    name: 'step',
    options: { lr, milestones, factor, warmup },
    rate: (at, totalSteps) => {
      const passed = milestones.filter((milestone) => at >= Math.round(milestone * totalSteps)).length;
      return lr * factor ** passed * warmUp(at, stepsOf(warmup, totalSteps));
    },
  };
}

export interface CosineOptions extends WarmUp {
  /** The rate that it approaches; default 0. */
  readonly final?: number;
}

/** Half a cosine from `lr` down to `final` after the warm-up (Loshchilov and Hutter 2016, arXiv 1608.03983, equation 5). @throws ConfigError */
export function cosine({ lr, final = 0, warmup = 0 }: CosineOptions): Schedule {
  expectRates('cosine', { lr, final }, warmup);
  return {
    name: 'cosine',
    options: { lr, final, warmup },
    rate: (at, totalSteps) => {
      const first = stepsOf(warmup, totalSteps);
      if (at < first) return lr * warmUp(at, first);
      return anneal(lr, final, (at - first) / (totalSteps - first));
    },
  };
}

export interface OneCycleOptions extends WarmUp {
  /** The peak. */
  readonly lr: number;
  /** The rate of the first step of the cycle; default lr / 25. */
  readonly start?: number;
  /** The rate of the last step; default lr / 10,000. (PyTorch divides `start` by 10,000.) */
  readonly final?: number;
  /** Share of the cycle that rises; default 0.3. */
  readonly peakAt?: number;
}

/** Half a cosine up and half a cosine down (Smith and Topin 2017, arXiv 1708.07120), step by step as PyTorch's OneCycleLR. @throws ConfigError */
export function oneCycle(options: OneCycleOptions): Schedule {
  const { lr, start = lr / 25, final = lr / 1e4, peakAt = 0.3, warmup = 0 } = options;
  expectRates('oneCycle', { lr, start, final }, warmup);
  if (!(peakAt > 0 && peakAt < 1))
    throw new ConfigError(
      `oneCycle: \`peakAt\` must lie between 0 and 1, but is ${peakAt}`,
      'it is a share of the cycle',
    );
  return {
    name: 'oneCycle',
    options: { lr, start, final, peakAt, warmup },
    rate: (at, totalSteps) => {
      const first = stepsOf(warmup, totalSteps);
      if (at < first) return start * warmUp(at, first);
      // PyTorch puts the peak at step peakAt · total − 1 and the end at total − 1.
      const [steps, index] = [totalSteps - first, at - first];
      const [peak, end] = [peakAt * steps - 1, steps - 1];
      if (index <= peak) return anneal(start, lr, peak > 0 ? index / peak : 1);
      return anneal(lr, final, (index - peak) / (end - peak));
    },
  };
}

/** Half a cosine: `from` at progress 0, `to` at progress 1. */
const anneal = (from: number, to: number, progress: number) =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, progress)));

/** Whole steps of a warm-up, which leaves at least one for the rest. */
const stepsOf = (warmup: number, totalSteps: number) => Math.min(Math.round(warmup * totalSteps), totalSteps - 1);

/** The share of the rate: 1 / (steps + 1), 2 / (steps + 1), …, and 1 from step `steps` on. */
const warmUp = (at: number, steps: number) => Math.min(1, (at + 1) / (steps + 1));

function expectRates(where: string, rates: Record<string, number>, warmup: number): void {
  for (const [name, rate] of Object.entries(rates))
    if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY))
      throw new ConfigError(
        `${where}: \`${name}\` must be a number of at least 0, but is ${rate}`,
        'rates from 0.001 to 0.5 are usual',
      );
  if (!(warmup >= 0 && warmup < 1))
    throw new ConfigError(
      `${where}: \`warmup\` must be at least 0 and below 1, but is ${warmup}`,
      'it is a share of the run',
    );
}
