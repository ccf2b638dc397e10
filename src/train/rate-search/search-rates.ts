/** Looks for a learning rate with a run's own steps, of which nothing stays but the curve. */
import { ConfigError, TrainingError } from '../../tensor/index.ts';
import { recipeOf } from '../config.ts';
import { schedules } from '../kinds.ts';
import type { RunUnderWay } from '../run.ts';
import type { Settings } from '../settings.ts';
import type { TrainOptions } from '../train-options.ts';
import { trialSteps, withoutTrace } from '../trial-steps.ts';
import { hasRunAway, type RateSearch, rateOf, rates, suggestedRate } from './suggested-rate.ts';

/** @throws the signal's reason where it comes before the end; DataError, EngineError */
export function searchRates(run: RunUnderWay): Promise<RateSearch> {
  return withoutTrace(run, async () => {
    const losses: number[] = [];
    try {
      for await (const loss of trialSteps(run, rateOf)) {
        run.signal?.throwIfAborted();
        losses.push(loss);
        if (losses.length === rates.steps || hasRunAway(losses)) break;
      }
    } catch (error) {
      // at this rate the loss is not finite any more
      if (!(error instanceof TrainingError)) throw error;
    }
    return suggestedRate(losses);
  });
}

/** The run at the rate that was found; as it was, where there is none. */
export function atRate<Run extends Pick<RunUnderWay, 'settings' | 'recipe'>>(
  run: Run,
  { suggested }: Pick<RateSearch, 'suggested'>,
): Run {
  if (suggested === undefined) return run;
  const settings: Settings = { ...run.settings, schedule: withRate(run.settings.schedule, suggested) };
  return { ...run, settings, recipe: recipeOf(settings) };
}

/** @throws ConfigError for a schedule that is not one of Skein's */
function withRate({ name, options }: Settings['schedule'], lr: number): Settings['schedule'] {
  return schedules.read('train: `findLr`', { name, ...options, lr });
}

/** @throws ConfigError where a run has no one rate to look for */
export function expectSearchable({ findLr, fineTune, lr }: Pick<TrainOptions, 'findLr' | 'fineTune' | 'lr'>): void {
  if (!findLr) return;
  if (fineTune)
    throw new ConfigError(
      `train: \`findLr\` looks for the rate of a run whose layers all train from its first step, but fine-tuning ${fineTune.name} goes in phases`,
      'leave one of the two out (--find-lr, --fine-tune)',
    );
  if (typeof lr === 'object' && !('given' in lr)) withRate(lr, 0.1);
}
