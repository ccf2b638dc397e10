/** How the learning rate moves over a run. */
import {
  definePart,
  type Filled,
  type Named,
  number,
  type Option,
  type Options,
  type Part,
  type PartRecord,
} from '../parts/index.ts';

export interface Schedule extends Named {
  /** The learning rate of step `step`, counted from 0, of a run of `totalSteps`. */
  rate(step: number, totalSteps: number): number;
}

/** What every schedule has. */
export interface ScheduleOptions extends Options {
  readonly lr: Option<number>;
  readonly warmup: Option<number>;
}

const rateHint = 'rates from 0.001 to 0.5 are usual';

/** An option that is a learning rate. */
export const rate = (
  about: string,
  initial: NonNullable<Option<number>['default']>,
  defaultText?: string,
): Option<number> =>
  number({ about, from: 0, default: initial, hint: rateHint, ...(defaultText !== undefined && { defaultText }) });

const lr: Option<number> = {
  ...rate('the highest learning rate', 0.1),
  flag: {
    flags: '--lr <rate>',
    about: 'the highest learning rate; less where batches are smaller than 128; with adamw 0.001',
  },
};

/** Goyal et al. 2017, arXiv 1706.02677, §2.2. */
const warmup = number({
  about: 'share of the run in which the rate rises in equal steps',
  from: 0,
  below: 1,
  default: 0,
  hint: 'it is a share of the run',
});

/** A schedule from its record, whose options stand between `lr` and `warmup`. */
export const defineSchedule = <Own extends Options>(
  record: Omit<PartRecord<Schedule, Own>, 'make'> & {
    make(options: Filled<Own> & Filled<ScheduleOptions>): Pick<Schedule, 'rate'>;
  },
): Part<Schedule, Own & ScheduleOptions> =>
  definePart<Schedule, Own & ScheduleOptions>({
    ...record,
    options: { lr, ...record.options, warmup },
    make: (options) => record.make(options as Filled<Own> & Filled<ScheduleOptions>),
  });

/** Half a cosine: `from` at progress 0, `to` at progress 1. */
export const anneal = (from: number, to: number, progress: number): number =>
  to + ((from - to) / 2) * (1 + Math.cos(Math.PI * Math.min(1, progress)));

/** Whole steps of a warm-up, which leaves at least one for the rest. */
export const stepsOf = (share: number, totalSteps: number): number =>
  Math.min(Math.round(share * totalSteps), totalSteps - 1);

/** The share of the rate: 1 / (steps + 1), 2 / (steps + 1), …, and 1 from step `steps` on. */
export const warmUp = (at: number, steps: number): number => Math.min(1, (at + 1) / (steps + 1));
