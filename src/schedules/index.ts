/** A schedule is one file and one line here. */
export { cosine } from './cosine.ts';
export { oneCycle } from './one-cycle.ts';
export { polynomial } from './polynomial.ts';
export type { Schedule, ScheduleOptions } from './schedule.ts';
export { step } from './step.ts';
