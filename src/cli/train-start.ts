/** The first lines of a run: what was decided for the person, and the flags that decide otherwise. */
import type { DataProblem } from '../data/index.ts';
import type { StartEvent } from '../train/index.ts';
import type { Output } from './output.ts';
import { count, counted, memory } from './quantity.ts';
import { startingFacts } from './starting-facts.ts';
import { wrapped } from './wrapped.ts';

/** Rows of a label and a text, broken to the terminal's width. */
export function startLines(event: StartEvent, data: string, output: Output): string[] {
  const rows = startRows(event, data, output.command);
  const labels = Math.max(...rows.map(([label]) => label.length));
  const width = output.live ? output.columns - labels - 4 : Number.POSITIVE_INFINITY;
  return rows.flatMap(([label, text]) =>
    wrapped(text, width).map((line, i) => `  ${(i === 0 ? label : '').padEnd(labels)}  ${line}`),
  );
}

function startRows(event: StartEvent, data: string, command: string): [label: string, text: string][] {
  const { params, classes, image, samples, validation, isScaled, batchSize, recipe, problems, changes } = event;
  const { batchReason, engine, engineReason, precision, threads, folder, frozen, ranks } = event;
  const of = new Map(recipe);
  const size = `${image.height}×${image.width}${image.channels === 1 ? ' grey' : ''}`;
  const whole = `scaled to just cover ${size}, and cropped there (--image-size)`;
  const scaling = !isScaled ? `, ${size}` : event.isCut ? '' : `; each ${whole}`;
  const rows: [string, string][] = [
    ['network', `${of.get('network')}, ${count(params)} parameters, ${counted(classes, 'class', 'classes')}`],
    ['images', `${count(samples)} to train on, ${validationText(validation)}${scaling}`],
    ...passedOver(problems, data, command).map((text): [string, string] => ['', text]),
    ...(changes === undefined ? [] : ([['', `the data has changed since: ${changes}`]] as [string, string][])),
    ...(isScaled && event.isCut
      ? [['', `to train, cut out and scaled to ${size} (--augment); to measure, ${whole}`] as [string, string]]
      : []),
    ...(isScaled ? [['', workersText(event)] as [string, string]] : []),
    [
      'steps',
      `${count(batchSize)} images each (-b)${batchReason === undefined ? '' : `, ${batchReason}`}; ${of.get('schedule')} (--lr, --schedule)`,
    ],
    ['', `${of.get('optimiser')} (--optimiser); loss ${of.get('loss')} (--loss)`],
    ['', `augmentation ${of.get('augmentation')} (--augment)`],
  ];
  for (const label of [
    'time',
    'class weights',
    'sampling',
    'patience',
    'fine-tuning',
    'average',
    'gradient clipping',
    'accumulated batches',
  ])
    if (of.has(label)) rows.push(['', `${label} ${of.get(label)}`]);
  rows.push(...startingFacts(event).map((text, i): [string, string] => [i === 0 ? 'weights' : '', text]));
  if (frozen) rows.push(['frozen', frozen.join(', ')]);
  const threading = threads === 1 ? '1 thread' : `${threads} threads`;
  rows.push([
    'engine',
    `${engine}, ${precision}, ${threading}${engineReason === undefined ? '' : `: ${engineReason}`}`,
  ]);
  if (ranks) rows.push(['ranks', `${ranks.size}, each with ${threading}, through ${ranks.library}`]);
  rows.push(['folder', folder]);
  return rows;
}

/** decoded and augmented by 3 threads (--workers), kept decoded in up to 4 GiB of memory (--cache); those that cannot be read are passed over (--on-bad-image) */
function workersText({ workers, cache, onBadImage }: StartEvent): string {
  const threads = workers === 1 ? '1 thread' : `${workers} threads`;
  const by = workers === 0 ? 'by the main thread' : `by ${threads}`;
  const bad = onBadImage === 'skip' ? '; those that cannot be read are passed over (--on-bad-image)' : '';
  return `decoded and augmented ${by} (--workers), ${cacheText(cache)} (--cache)${bad}`;
}

/** Where later epochs find images. */
function cacheText(cache: number | string): string {
  if (cache === 'off' || cache === 0) return 'in every epoch anew';
  return typeof cache === 'number' ? `kept decoded in up to ${memory(cache)} of memory` : `kept decoded in ${cache}`;
}

function validationText({ images, heldOut }: StartEvent['validation']): string {
  if (heldOut === undefined) return `${count(images)} for validation, which the data brings`;
  const { fold } = heldOut;
  if (fold) return `${count(images)} of fold ${fold.number} of ${fold.of} for validation (--folds)`;
  return `${count(images)} held out for validation (--val-fraction ${heldOut.fraction})`;
}

/** One line for all files, and one for each of the rest. */
function passedOver(problems: readonly DataProblem[], data: string, command: string): string[] {
  const files = problems.filter(({ kind }) => kind === 'ignored files' || kind === 'unlabelled images');
  const others = problems.filter((problem) => !files.includes(problem) && problem.kind !== 'missing class');
  const total = files.reduce((sum, { count: some = 1 }) => sum + some, 0);
  const lists = `${command} data ${data} lists them`;
  const [first] = files;
  const shown = others.slice(0, 4).map(({ message }) => message);
  return [
    ...(first
      ? [
          `${total === 1 ? 'a file is' : `${count(total)} files are`} passed over: ${first.message}${files.length > 1 ? `; ${lists}` : ''}`,
        ]
      : []),
    ...shown,
    ...(others.length > shown.length ? [`and ${others.length - shown.length} more notes: ${lists}`] : []),
  ];
}
