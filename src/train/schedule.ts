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
  /** Steps that lead up to the first rate in equal increments (Goyal et al. 2017, arXiv 1706.02677, §2.2); default 0. */
  readonly warmupSteps?: number;
}

export interface StepOptions extends WarmUp {
  /** Where the rate drops, as fractions of the run: epochs 30 and 60 of 90 are `[1/3, 2/3]`. */
  readonly milestones: readonly number[];
  /** What the rate is multiplied by at each milestone; default 0.1. */
  readonly factor?: number;
}

/** A constant rate that drops at milestones, as in He et al. 2015, §4.2: `step({ lr: 0.1, milestones: [0.5, 0.75] })`. @throws ConfigError */
export function step({ lr, milestones, factor = 0.1, warmupSteps = 0 }: StepOptions): Schedule {
  expectRates('step', { lr, factor }, warmupSteps);
  const wrong = milestones.find((milestone) => !(milestone > 0 && milestone < 1));
  if (wrong !== undefined)
    throw new ConfigError(
      `step: \`milestones\` must lie between 0 and 1, but one is ${wrong}`,
      'they are fractions of the run: epoch 30 of 90 is 1/3',
    );
  return {
    name: 'step',
    options: { lr, milestones, factor, warmupSteps },
    rate: (at, totalSteps) => {
      const passed = milestones.filter((milestone) => at >= Math.round(milestone * totalSteps)).length;
      return lr * factor ** passed * warmUp(at, warmupSteps);
    },
  };
}

export interface CosineOptions extends WarmUp {
  /** The rate that it approaches; default 0. */
  readonly final?: number;
}

/** Half a cosine from `lr` down to `final` after the warm-up (Loshchilov and Hutter 2016, arXiv 1608.03983, equation 5). @throws ConfigError */
export function cosine({ lr, final = 0, warmupSteps = 0 }: CosineOptions): Schedule {
  expectRates('cosine', { lr, final }, warmupSteps);
  return {
    name: 'cosine',
    options: { lr, final, warmupSteps },
    rate: (at, totalSteps) =>
      at < warmupSteps
        ? lr * warmUp(at, warmupSteps)
        : anneal(lr, final, (at - warmupSteps) / Math.max(1, totalSteps - warmupSteps)),
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
  const { lr, start = lr / 25, final = lr / 1e4, peakAt = 0.3, warmupSteps = 0 } = options;
  expectRates('oneCycle', { lr, start, final }, warmupSteps);
  if (!(peakAt > 0 && peakAt < 1))
    throw new ConfigError(`oneCycle: \`peakAt\` must lie between 0 and 1, but is ${peakAt}`);
  return {
    name: 'oneCycle',
    options: { lr, start, final, peakAt, warmupSteps },
    rate: (at, totalSteps) => {
      if (at < warmupSteps) return start * warmUp(at, warmupSteps);
      // PyTorch puts the peak at step peakAt · total − 1 and the end at total − 1.
      const [steps, index] = [totalSteps - warmupSteps, at - warmupSteps];
      const [peak, end] = [peakAt * steps - 1, steps - 1];
      if (index <= peak) return anneal(start, lr, peak > 0 ? index / peak : 1);
      return anneal(lr, final, (index - peak) / (end - peak));
    },
  };
}

/** Half a cosine: `from` at progress 0, `to` at progress 1. */
const anneal = (from: number, to: number, progress: number) =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, progress)));

/** The share of the rate: 1 / (steps + 1), 2 / (steps + 1), …, and 1 from step `steps` on. */
const warmUp = (at: number, steps: number) => Math.min(1, (at + 1) / (steps + 1));

function expectRates(where: string, rates: Record<string, number>, warmupSteps: number): void {
  for (const [name, rate] of Object.entries(rates))
    if (!(rate >= 0 && rate < Number.POSITIVE_INFINITY))
      throw new ConfigError(`${where}: \`${name}\` must be a number of at least 0, but is ${rate}`);
  if (!(Number.isSafeInteger(warmupSteps) && warmupSteps >= 0))
    throw new ConfigError(`${where}: \`warmupSteps\` must be a whole number of at least 0, but is ${warmupSteps}`);
}
