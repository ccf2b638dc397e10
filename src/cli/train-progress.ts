/** A training run as it goes on: a table of epochs, and below it a live bar, or a plain line every ten seconds. */
import type { Callback, EpochEvent, StepEvent } from '../train/index.ts';
import { type BarState, Bars } from './bars.ts';
import type { Output } from './output.ts';
import { clock, count, percent } from './quantity.ts';
import { startLines } from './train-start.ts';

const plainEverySeconds = 10;

/** True at most every ten seconds, the first time after ten. */
export function everyTenSeconds(): () => boolean {
  let last = performance.now();
  return () => {
    const now = performance.now();
    if (now - last < plainEverySeconds * 1000) return false;
    last = now;
    return true;
  };
}

export interface TrainProgress {
  readonly callback: Callback;
  /** A line for people while bars may be shown. */
  log(text: string): void;
  stop(): void;
}

/** Shows one run under its title; `data` as the person wrote it. */
export function trainProgress(output: Output, title: string, data: string): TrainProgress {
  const bars = new Bars(output, [{ label: 'starting', done: 0, facts: [] }]);
  const due = everyTenSeconds();
  bars.set(0, { label: 'starting', done: 0, facts: [] });
  return {
    callback: {
      onStart(event) {
        const lines = startLines(event, data, output).map((text) => output.style('dim', text));
        bars.log([title, ...lines, output.style('dim', header)].join('\n'));
      },
      onStep(event) {
        bars.set(0, stepBar(event));
        if (!output.live && due() && event.stepInEpoch < event.stepsPerEpoch) bars.log(stepRow(event));
      },
      onEpoch: (event) => bars.log(epochRow(event)),
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

const lossText = (loss: number) => (loss < 1000 ? loss.toFixed(4) : loss.toExponential(1));

const epochLabel = ({ epoch, epochs }: { epoch: number; epochs: number }) =>
  `${String(epoch).padStart(String(epochs).length)}/${epochs}`;

function stepBar(event: StepEvent): BarState {
  const { stepInEpoch, stepsPerEpoch, running, imagesPerSecond, secondsLeft } = event;
  const finished = stepInEpoch === stepsPerEpoch;
  return {
    label: `epoch ${epochLabel(event)}`,
    done: stepInEpoch / stepsPerEpoch,
    facts: [
      `loss ${lossText(running.loss)}`,
      percent(running.top1).padStart(7),
      finished ? 'validating' : `${clock(secondsLeft)} left`,
      `${count(imagesPerSecond)} images/s`,
    ],
  };
}

const widths = [7, 10, 8, 8, 8, 8, 7];
const columns = (cells: readonly string[]) =>
  cells.map((cell, i) => (i < widths.length ? cell.padStart(widths[i] ?? 0) : cell)).join('  ');
const header = columns(['epoch', 'train loss', 'top-1', 'val loss', 'top-1', 'images/s', 'time']);

function epochRow(event: EpochEvent): string {
  const { train, validation, imagesPerSecond, seconds, isBest } = event;
  return columns([
    epochLabel(event),
    lossText(train.loss),
    percent(train.top1, 2),
    lossText(validation.loss),
    percent(validation.top1, 2),
    count(imagesPerSecond),
    clock(seconds),
    ...(isBest ? ['best'] : []),
  ]);
}

function stepRow(event: StepEvent): string {
  const { running, stepInEpoch, stepsPerEpoch, imagesPerSecond, secondsLeft } = event;
  return columns([
    epochLabel(event),
    lossText(running.loss),
    percent(running.top1, 2),
    ` step ${stepInEpoch}/${stepsPerEpoch}, ${count(imagesPerSecond)} images/s, ${clock(secondsLeft)} left`,
  ]);
}
