import { ConfigError } from '../../tensor/index.ts';
import type { TrainOptions } from '../train-options.ts';

/** @throws ConfigError where `maxMinutes` is no time that a run can take */
export function expectTimeBudget({ maxMinutes }: Pick<TrainOptions, 'maxMinutes'>): void {
  if (maxMinutes === undefined || (maxMinutes > 0 && maxMinutes < Number.POSITIVE_INFINITY)) return;
  throw new ConfigError(
    `train: \`maxMinutes\` must be a number above 0, but is ${maxMinutes}`,
    '30 is half an hour, 0.5 half a minute; leave it out to train for a number of epochs',
  );
}
