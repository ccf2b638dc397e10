/** A comparison as it goes on: a bar for the run under way and one for all, or plain lines; a line for each run that ended. */
import type { ComparisonCallback, ComparisonStart, RunPlace } from '../compare/index.ts';
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { clock, count, counted, macs, percent } from './quantity.ts';
import { everyTenSeconds, minutesText } from './train-progress.ts';

export interface CompareProgress {
  readonly callback: ComparisonCallback;
  /** A line for people while bars may be shown. */
  log(text: string): void;
  stop(): void;
}

export function compareProgress(output: Output): CompareProgress {
  const bars = new Bars(output, [
    { label: 'starting', done: 0, facts: [] },
    { label: 'all', done: 0, facts: [] },
  ]);
  const due = everyTenSeconds();
  const widths = { network: 0, number: 0 };
  const label = ({ number, runs, network, seed }: RunPlace) =>
    `${`${number}/${runs}`.padStart(widths.number)}  ${network.padEnd(widths.network)}  seed ${seed}`;
  const left = (seconds: number | undefined) => (seconds === undefined ? '' : `${clock(seconds)} left in all`);
  return {
    callback: {
      onStart(event) {
        widths.network = Math.max(...event.networks.map(({ name }) => name.length));
        widths.number = `${event.runs}/${event.runs}`.length;
        for (const line of startLines(event)) bars.log(output.folded(line, '').join('\n'));
      },
      onRun(event) {
        bars.set(0, { label: label(event), done: 0, facts: [event.isResumed ? 'going on' : 'starting'] });
        bars.set(1, { label: 'all', done: (event.number - 1) / event.runs, facts: [] });
        const minutes = event.minutes === undefined ? '' : `, for ${minutesText(Number(event.minutes.toFixed(2)))}`;
        if (!output.live) output.line(`${label(event)}  ${event.isResumed ? 'goes on' : 'begins'}${minutes}`);
      },
      onNote: (event) => bars.log(output.folded(`${event.network}, seed ${event.seed}: ${event.text}`).join('\n')),
      onLength: (event) => {
        const { steps, epochs } = event;
        bars.log(`${label(event)}  ${counted(steps, 'step', 'steps')} fit, ${counted(epochs, 'epoch', 'epochs')}`);
      },
      onStep(event) {
        const { epoch, epochs, stepInEpoch, stepsPerEpoch, running, imagesPerSecond, secondsLeft, secondsLeftInAll } =
          event;
        const part = (epoch - 1 + stepInEpoch / stepsPerEpoch) / epochs;
        const facts = [
          `epoch ${epoch}/${epochs}`,
          `acc ${percent(running.top1)}`,
          `${clock(secondsLeft)} left`,
          `${count(imagesPerSecond)} images/s`,
        ];
        bars.set(0, { label: label(event), done: part, facts });
        bars.set(1, { label: 'all', done: (event.number - 1 + part) / event.runs, facts: [left(secondsLeftInAll)] });
        if (!output.live && due()) output.line([label(event), ...facts, left(secondsLeftInAll)].join('  ').trimEnd());
      },
      onEpoch(event) {
        if (output.live) return;
        const { epoch, epochs, validation, seconds } = event;
        output.line(
          `${label(event)}  epoch ${epoch}/${epochs}  validation acc ${percent(validation.top1)}  ${clock(seconds)}`,
        );
      },
      onRunEnd(event) {
        const { outcome, failure, seconds } = event;
        const result = outcome
          ? `${outcome.score.split} acc ${percent(outcome.score.top1)}`
          : `failed: ${(failure?.message ?? '').split('\n')[0]}`;
        bars.log(output.style(outcome ? 'bold' : 'red', `${label(event)}  ${result}  ${clock(seconds)}`));
      },
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

/** What is compared, and by which recipe. */
function startLines({ networks, seeds, samples, done, runs, folder, recipe, isResumed }: ComparisonStart): string[] {
  const { train, validation, test } = samples;
  const costs = networks.map(
    (network) => `${network.name} (${count(network.params)} parameters, ${macs(network.macs)} MACs)`,
  );
  const images = `${count(train)} images to train on, ${count(validation)} for validation, ${test > 0 ? `${count(test)} for the test` : 'none for a test'}`;
  return [
    `${isResumed ? 'Going on to compare' : 'Comparing'} ${costs.join(', ')}`,
    `  ${counted(seeds.length, 'seed', 'seeds')} each, ${counted(Number(recipe.epochs), 'epoch', 'epochs')}, batches of ${recipe.batchSize}, ${recipe.engine}; ${images}`,
    `  ${folder}${done > 0 ? `: ${done} of ${runs} runs are done` : ''}`,
  ];
}
