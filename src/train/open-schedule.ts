/** Schedules that are made once the data is known. */
import type { Schedule } from '../schedules/index.ts';
import { schedules } from './kinds.ts';
import type { UsualSteps } from './usual-steps.ts';

/** A schedule that takes what is not said from what is usual for the data. */
export interface OpenSchedule {
  /** @throws ConfigError for an impossible option */
  given(usual: Pick<UsualSteps, 'lr' | 'warmup'>): Schedule;
}

/** What `lr` of a run means, with its gaps filled. */
export function settledSchedule(
  lr: Schedule | OpenSchedule | number | undefined,
  { lr: usualRate, warmup }: UsualSteps,
): Schedule {
  if (typeof lr !== 'object') return schedules.makeDefault({ lr: lr ?? usualRate, warmup });
  return 'given' in lr ? lr.given({ lr: usualRate, warmup }) : lr;
}
