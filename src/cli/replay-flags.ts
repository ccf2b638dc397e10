/** The flags that `skein replay` and `skein verify` share: where the run's parts are now, and what may be otherwise. */
import type { Command } from 'commander';
import type { Precision } from '../engines/index.ts';
import type { StepsAgainOptions } from '../train/index.ts';
import { dataOption, givenData } from './data-flags.ts';
import { engineChoices, engineValue, precisionOption, threadsValue, workersHelp, workersValue } from './flag-values.ts';
import { modelArgument } from './model-argument.ts';

export interface ReplayFlags {
  readonly model?: string;
  readonly data?: readonly string[];
  readonly changedData?: boolean;
  readonly engine?: string;
  readonly precision?: Precision;
  readonly threads?: number;
  readonly workers?: number;
  readonly json?: boolean;
}

/** Their defaults are what the run recorded. */
export function addReplayFlags(command: Command): Command {
  const data = dataOption();
  data.description = `where the data is now (where it was): ${data.description}`;
  const precision = precisionOption();
  precision.description = precision.description.replace('(float32)', '(the run’s)');
  return command
    .option('--model <module>', 'the module of a network of your own')
    .addOption(data)
    .option('--changed-data', 'also with data that has changed since; equal numbers are then not to be expected')
    .option('--engine <name>', engineChoices.replace('(auto)', '(the run’s)'), engineValue)
    .addOption(precision)
    .option('--threads <n>', 'of the engine (the run’s)', threadsValue)
    .option('-j, --workers <n>', workersHelp, workersValue);
}

/** What the flags stand for. */
export async function replayOptionsOf(run: string, flags: ReplayFlags): Promise<StepsAgainOptions> {
  const { model, data, changedData, engine, precision, threads, workers } = flags;
  return {
    run,
    ...(model !== undefined && { network: await modelArgument(model) }),
    ...(data !== undefined && { data: givenData(data) }),
    ...(changedData && { changedData }),
    ...(engine !== undefined && { engine }),
    ...(precision !== undefined && { precision }),
    ...(threads !== undefined && { threads }),
    ...(workers !== undefined && { workers }),
  };
}
