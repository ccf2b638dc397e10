/** The demo as it goes on: a live bar for each network, or plain lines for each epoch and every ten seconds. */
import type { Callback, StepEvent } from '../train/index.ts';
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
      let validated = '';
      bars.set(index, { label: label(name), done: 0, facts: ['starting'] });
      return {
        onStep(event) {
          bars.set(index, { label: label(name), done: progressOf(event), facts: [...stepFacts(event), validated] });
          if (due() && event.stepInEpoch < event.stepsPerEpoch) plain(stepFacts(event).join('  '));
        },
        onEpoch(event) {
          const { epoch, epochs, train, validation, seconds } = event;
          validated = `validated ${percent(validation.top1)}`;
          if (epoch === epochs) bars.set(index, { label: label(name), done: 1, facts: ['done', validated] });
          plain(
            `epoch ${epoch}/${epochs}  loss ${train.loss.toFixed(3)}  train ${percent(train.top1)}  ` +
              `validation ${percent(validation.top1)}  ${clock(seconds)}`,
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

function stepFacts({ epoch, epochs, running, imagesPerSecond, secondsLeft }: StepEvent): string[] {
  return [
    `epoch ${epoch}/${epochs}`,
    percent(running.top1).padStart(6),
    `${clock(secondsLeft)} left`,
    `${count(imagesPerSecond)} images/s`,
  ];
}
