import { join } from 'node:path';
import type { Command } from 'commander';
import { isDataSource, sourcesOf, sourceText } from '../data/index.ts';
import { ConfigError, quoted } from '../tensor/index.ts';
import { findRate, optionsFromConfig, type TrainOptions, train } from '../train/index.ts';
import { checkpointArgument } from './checkpoint-argument.ts';
import { givenData, readingWords } from './data-flags.ts';
import { withDataHint } from './data-hint.ts';
import { fromFlags } from './failure.ts';
import { Interrupted, interruptible } from './interruption.ts';
import { isModulePath } from './model-argument.ts';
import { networkArgument } from './network-options.ts';
import type { Output, Surroundings } from './output.ts';
import { addTrainFlags, type TrainFlags, withFlags } from './train-flags.ts';
import { minutesText, trainProgress } from './train-progress.ts';
import { printInterrupted, printRun } from './train-report.ts';
import { weightsArgument } from './weights-argument.ts';

const examples = `
Examples:
  skein train resnet20 --data cifar10 --epochs 30 --augment crop,flip
  skein train densenet-bc100-k12 --data photos --image-size 32 --nesterov
  skein train resnet20 --data labels.csv --label-column breed
  skein train resnet20 --data photos --data more-photos
  skein train ./net.mjs --data photos        a network of your own
  skein train densenet40-k12 --option dropout=0.2 --data cifar10
  skein train --resume runs/resnet20-1
  skein train --config runs/resnet20-1/config.yaml --seed 1

Defaults are in parentheses.`;

/** `skein train` */
export function addTrainCommand(program: Command, { output }: Surroundings): void {
  const command = program
    .command('train')
    .description('Train a network on images')
    .usage('MODEL --data DATA [options]')
    .argument('[model]', 'a name from `skein models`, or the path of a module that exports a network');
  addTrainFlags(command)
    .addHelpText('after', examples)
    .action(async (model: string | undefined, flags: TrainFlags) => {
      const from = flags.resume !== undefined ? join(flags.resume, 'config.yaml') : flags.config;
      const missing =
        model === undefined ? "missing MODEL, for example 'resnet20'" : flags.data ? '' : 'missing --data DATA';
      if (from === undefined && missing) command.error(`error: ${missing}; see skein train --help`, { exitCode: 2 });
      const module = model !== undefined && isModulePath(model) ? model : undefined;
      const options = await trainOptions(model, flags, from);
      const out = output(flags);
      const weights =
        flags.weights === undefined
          ? {}
          : { weights: await checkpointArgument(await weightsArgument(flags.weights, out)) };
      await runTrain({ ...options, ...weights }, out, flags, module);
    });
}

async function trainOptions(model: string | undefined, flags: TrainFlags, from?: string): Promise<TrainOptions> {
  if (model === undefined && flags.option !== undefined)
    throw new ConfigError('--option: expected a MODEL that it changes, but there is none', 'name the network first');
  const known = {
    ...(model !== undefined && { model: await networkArgument(model, flags.option) }),
    ...(flags.data !== undefined && { data: givenData(flags.data) }),
  };
  // without a file, both are known
  const base = from === undefined ? (known as TrainOptions) : await optionsFromConfig(from, known);
  const options = fromFlags(() => withFlags(base, flags));
  return flags.resume === undefined ? options : { ...options, out: flags.resume, resume: true };
}

async function runTrain(options: TrainOptions, output: Output, flags: TrainFlags, module?: string): Promise<void> {
  await interruptible(output, async (signal) => {
    const { data } = options;
    const listed = isDataSource(data) ? sourcesOf(data).map(quoted).join(' ') : quoted(data.train.name);
    const progress = trainProgress(output, titleOf(options, output), `${listed}${readingWords(options)}`);
    signal.addEventListener('abort', () => progress.log('Stopping after this step; Ctrl-C again quits at once'));
    const stoppedAtOnce = (error: unknown): never => {
      if (!signal.aborted || error !== signal.reason) throw error;
      output.line('Stopped before the first step; nothing was saved');
      throw new Interrupted();
    };
    if (flags.findLr === 'only') {
      const only = { ...options, signal, callbacks: [progress.callback] };
      const search = await withDataHint(options.data, options, output, () =>
        findRate(only).finally(() => progress.stop()),
      ).catch(stoppedAtOnce);
      if (flags.json) output.json(search);
      return;
    }
    const run = await withDataHint(options.data, options, output, () =>
      train({ ...options, signal, callbacks: [progress.callback] }).finally(() => progress.stop()),
    ).catch(stoppedAtOnce);
    if (flags.json) output.json(run);
    if (run.stopped === 'interrupted') {
      printInterrupted(output, run, module);
      throw new Interrupted();
    }
    if (run.epochs.length === 0) output.line('All epochs were done already');
    if (!flags.json) printRun(output, run, options);
  });
}

/** resnet20 on cifar10, 30 epochs */
function titleOf(
  { model, data, epochs = 30, maxMinutes, maxSteps, resume = false, weights }: TrainOptions,
  output: Output,
): string {
  const name = output.style('bold', typeof model === 'string' ? model : model.name);
  const on = isDataSource(data) ? sourceText(data) : data.train.name;
  const counted = epochs === 1 ? '1 epoch' : `${epochs} epochs`;
  const length = maxMinutes === undefined || maxSteps !== undefined ? counted : minutesText(maxMinutes);
  return resume
    ? `Going on with ${name} on ${on}, ${length} in all`
    : `Training ${name} on ${on} for ${length}${weights === undefined ? '' : `, from the weights of ${weights}`}`;
}
