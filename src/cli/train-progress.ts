/** A training run as it goes on: a table of epochs, and below it a live bar, or a plain line every ten seconds. */
import type { Callback, EpochEvent, LengthEvent, PhaseEvent, RateSearch, StepEvent } from '../train/index.ts';
import { type BarState, Bars } from './bars.ts';
import type { Output } from './output.ts';
import { clock, count, percent } from './quantity.ts';
import { rateChart, rateSentence } from './rate-chart.ts';
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
        bars.log([...output.folded(title), ...lines, output.style('dim', header(output))].join('\n'));
      },
      onRates: (event) => bars.log(rateLines(event, output).join('\n')),
      onLength: (event) => bars.log(output.folded(lengthText(event)).join('\n')),
      onPhase: (event) => bars.log(output.style('bold', phaseText(event))),
      onFeatures: (done, total) => {
        bars.set(0, { label: 'features', done: done / total, facts: [`${count(done)} of ${count(total)} images`] });
        if (!output.live && due() && done < total) bars.log(`  features of ${count(done)} of ${count(total)} images`);
      },
      onNote: (text) => bars.log(output.folded(text).join('\n')),
      onStep(event) {
        bars.set(0, stepBar(event));
        if (!output.live && due() && event.stepInEpoch < event.stepsPerEpoch) bars.log(stepRow(event));
      },
      onBadImage: ({ message }) => bars.log(output.folded(`passed over: ${message}`, '  ').join('\n')),
      onEpoch: (event) => bars.log(epochRow(event, output)),
    },
    log: (text) => bars.log(text),
    stop: () => bars.stop(),
  };
}

/** The chart, and what it says. */
const rateLines = (search: RateSearch, output: Output) => [
  ...rateChart(search, output.columns),
  ...output.folded(rateSentence(search)),
];

/** 3 minutes are 1,234 steps, 3.2 epochs: 2:56 in all */
function lengthText({ maxMinutes, steps, epochs, stepsPerEpoch, seconds }: LengthEvent): string {
  const share = steps / stepsPerEpoch;
  const length = Number.isInteger(share) ? count(epochs) : share.toFixed(share < 0.1 ? 3 : 1);
  const time = minutesText(maxMinutes);
  const late =
    seconds > maxMinutes * 60 ? `, more than ${time}: give more (--max-minutes), or train a smaller network` : '';
  return `${time}: ${steps === 1 ? '1 step' : `${count(steps)} steps`}, ${length} ${share === 1 ? 'epoch' : 'epochs'} (--max-minutes); about ${clock(seconds)} in all${late}`;
}

export const minutesText = (minutes: number) => (minutes === 1 ? '1 minute' : `${minutes} minutes`);

/** Which layers train from here on. */
function phaseText({ name, first, last, isOnFeatures, frozen }: PhaseEvent): string {
  const epochs = first === last ? `epoch ${first}` : `epochs ${first} to ${last}`;
  if (isOnFeatures) return `${epochs}: the head alone, on features that are computed once`;
  if (name === 'head') return `${epochs}: the head alone`;
  return `${epochs}: ${name === 'all' ? 'all layers' : `layers from ${name}`}${frozen.length > 0 ? `; as they are: ${shortList(frozen)}` : ''}`;
}

const shortList = (names: readonly string[]) =>
  names.length > 4 ? `${names.slice(0, 3).join(', ')} and ${names.length - 3} more` : names.join(', ');

const lossText = (loss: number) => (loss < 1000 ? loss.toFixed(4) : loss.toExponential(1));

const epochLabel = ({ epoch, epochs }: { epoch: number; epochs: number }) =>
  `${String(epoch).padStart(String(epochs).length)}/${epochs}`;

/** Less is not worth the room. */
const notable = 0.05;

/** Undefined where steps hardly waited for their images. */
const waitingText = (share: number) => (share < notable ? undefined : `waited ${percent(share, 0)}`);

function stepBar(event: StepEvent): BarState {
  const { stepInEpoch, stepsPerEpoch, running, imagesPerSecond, secondsLeft, waiting } = event;
  const speed = `${count(imagesPerSecond)} images/s`;
  const waited = waitingText(waiting);
  const finished = stepInEpoch === stepsPerEpoch;
  return {
    label: `epoch ${epochLabel(event)}`,
    done: stepInEpoch / stepsPerEpoch,
    facts: [
      `loss ${lossText(running.loss)}`,
      percent(running.top1).padStart(7),
      finished ? 'validating' : `${clock(secondsLeft)} left`,
      waited === undefined ? speed : [`${speed}  ${waited} for images`, `${speed}  ${waited}`, waited],
    ],
  };
}

/** A column of the table of epochs, and when it gives way on a narrow terminal: the highest number first. */
interface Column {
  readonly head: string;
  readonly width: number;
  readonly givesWay: number;
}

const table: readonly Column[] = [
  { head: 'epoch', width: 7, givesWay: 0 },
  { head: 'train loss', width: 10, givesWay: 1 },
  { head: 'top-1', width: 8, givesWay: 2 },
  { head: 'val loss', width: 8, givesWay: 0 },
  { head: 'top-1', width: 8, givesWay: 0 },
  { head: 'images/s', width: 8, givesWay: 4 },
  { head: 'time', width: 7, givesWay: 3 },
];
const best = 'best';

/** A row of the table, and words after it; only a terminal has a width that it must fit in. */
function columns(cells: readonly string[], { live, columns: room }: Pick<Output, 'live' | 'columns'>): string {
  const width = (shown: readonly Column[]) => shown.reduce((sum, column) => sum + column.width + 2, best.length);
  let shown = table;
  for (let least = 4; live && least > 0 && width(shown) > room; least--)
    shown = shown.filter(({ givesWay }) => givesWay < least);
  const fitting = table.flatMap((column, i) =>
    shown.includes(column) ? [(cells[i] ?? '').padStart(column.width)] : [],
  );
  return [...fitting, ...cells.slice(table.length)].join('  ');
}

const header = (output: Output) =>
  columns(
    table.map(({ head }) => head),
    output,
  );

function epochRow(event: EpochEvent, output: Output): string {
  const { train, validation, imagesPerSecond, seconds, isBest } = event;
  const cells = [
    epochLabel(event),
    lossText(train.loss),
    percent(train.top1, 2),
    lossText(validation.loss),
    percent(validation.top1, 2),
    count(imagesPerSecond),
    clock(seconds),
    ...(isBest ? [best] : []),
  ];
  return columns(cells, output);
}

/** Where nothing is redrawn. */
function stepRow(event: StepEvent): string {
  const { running, stepInEpoch, stepsPerEpoch, imagesPerSecond, secondsLeft, waiting } = event;
  const [epoch, loss, top1] = [epochLabel(event), lossText(running.loss), percent(running.top1, 2)];
  const share = waitingText(waiting);
  const waited = share === undefined ? '' : `, ${share} for images`;
  const done = ` step ${stepInEpoch}/${stepsPerEpoch}, ${count(imagesPerSecond)} images/s, ${clock(secondsLeft)} left${waited}`;
  return [epoch.padStart(7), loss.padStart(10), top1.padStart(8), done.padStart(8)].join('  ');
}
