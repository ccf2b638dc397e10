/** The demo as it goes on: a live bar for each network, or plain lines for each epoch and every ten seconds. */
import type { Callback, EpochEvent, StepEvent } from '../train/index.ts';
import { Bars } from './bars.ts';
import type { Output } from './output.ts';
import { clock, count, percent } from './quantity.ts';
import { everyTenSeconds } from './train-progress.ts';

export interface DemoProgress {
  callbackFor(name: string): Callback;
  /** A line for people while bars may be shown. */
  log(text: string): void;
  stop(): void;
}

/** Shows the runs of these networks. */
export function demoProgress(output: Output, names: readonly string[]): DemoProgress {
  const width = Math.max(...names.map((name) => name.length));
  const label = (name: string) => name.padEnd(width);
  const bars = new Bars(
    output,
    names.map((name) => ({ label: label(name), done: 0, facts: ['waiting'] })),
  );
  return {
    callbackFor(name) {
      const index = names.indexOf(name);
      const due = everyTenSeconds();
      const plain = (text: string) => {
        if (!output.live) output.line(`${label(name)}  ${text}`);
      };
      const show = (done: number, facts: readonly string[]) => bars.set(index, { label: label(name), done, facts });
      show(0, ['starting']);
      return {
        onStep(event) {
          show(progressOf(event), factsOf(event, event.running.top1, `${clock(event.secondsLeft)} left`));
          if (due() && event.stepInEpoch < event.stepsPerEpoch)
            plain(factsOf(event, event.running.top1, `${clock(event.secondsLeft)} left`).join('  '));
        },
        onEpoch(event) {
          const { epoch, epochs, train, validation, seconds } = event;
          if (epoch === epochs) show(1, factsOf(event, validation.top1, 'done'));
          plain(
            `epoch ${epoch}/${epochs}  loss ${train.loss.toFixed(3)}  acc ${percent(train.top1)}  ` +
              `validation acc ${percent(validation.top1)}  ${clock(seconds)}`,
          );
        },
      };
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

const progressOf = ({ epoch, epochs, stepInEpoch, stepsPerEpoch }: StepEvent) =>
  (epoch - 1 + stepInEpoch / stepsPerEpoch) / epochs;

function factsOf(event: StepEvent | EpochEvent, top1: number, time: string): string[] {
  const { epoch, epochs, imagesPerSecond } = event;
  return [
    `epoch ${epoch}/${epochs}`,
    `acc ${percent(top1).padStart(6)}`,
    time.padStart(9),
    `${count(imagesPerSecond).padStart(6)} images/s`,
  ];
}
