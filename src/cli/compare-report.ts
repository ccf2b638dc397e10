/** What `skein compare` says at its end. */
import { join } from 'node:path';
import type { ComparedNetwork, Comparison } from '../compare/index.ts';
import { quoted } from '../tensor/index.ts';
import type { Output } from './output.ts';
import { bytes, clock, count, counted, macs, percent, percentRange } from './quantity.ts';
import { textTable } from './text-table.ts';

const onFront = '*';

/** The table, what is real in it, and where it lies. */
export function printComparison(output: Output, comparison: Comparison): void {
  const { networks, differences, notes, target, folder } = comparison;
  const measured = networks.filter(({ top1 }) => top1 !== undefined);
  if (measured.length === 0) return;
  const [head = '', ...lines] = textTable(header(target), measured.map(rowOf), { left: 1 });
  output.line();
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
  output.paragraph(caption(comparison, measured), 'dim');
  output.line();
  for (const { words, isReal } of differences) output.paragraph(words, isReal ? 'bold' : undefined);
  for (const note of notes) output.paragraph(note, 'dim');
  output.line();
  const files: [string, string][] = [
    ['page', join(folder, 'comparison.html')],
    ['runs', `${join(folder, 'comparison.csv')}, and a run folder for each`],
  ];
  for (const [label, text] of files) output.labelled(label, text, 4);
}

const header = (target: number | undefined) => [
  'network',
  'accuracy',
  '95 % interval',
  'seeds',
  'params',
  'MACs',
  'images/s',
  'memory',
  'time',
  `to ${percent(target ?? 0)}`,
];

function rowOf(network: ComparedNetwork): string[] {
  const {
    name,
    top1,
    seeds,
    params,
    peakBytes = 0,
    imagesPerSecond = 0,
    seconds = 0,
    secondsToTarget = 0,
    pareto,
  } = network;
  const marked = (text: string, isFront: boolean) => `${text}${isFront ? onFront : ' '}`;
  return [
    name,
    percent(top1?.mean ?? 0),
    top1 ? percentRange(top1) : '',
    String(seeds),
    marked(count(params), pareto.params),
    marked(macs(network.macs), pareto.macs),
    count(imagesPerSecond),
    bytes(peakBytes),
    marked(clock(seconds), pareto.seconds),
    clock(secondsToTarget),
  ];
}

function caption({ split, images, target, seeds }: Comparison, networks: readonly ComparedNetwork[]): string {
  const overSeeds = networks.some(({ top1 }) => top1?.over === 'seeds');
  const measured =
    split === 'test'
      ? `On ${counted(images, 'test image', 'test images')}`
      : `On the ${count(images)} validation images, which also picked the epochs,`;
  return (
    `${measured} with the weights of each run’s best epoch; intervals over ${overSeeds ? counted(seeds.length, 'seed', 'seeds') : 'the images alone'}. ` +
    `Speed, memory and time while training. ${onFront} no other network is as accurate for less. ` +
    `The last column is the time until validation first had ${percent(target ?? 0)}, which all reached.`
  );
}

/** What is left to do, and how. */
export function printStopped(output: Output, { stopped, left, folder }: Comparison): void {
  const runs = counted(left, 'run is', 'runs are');
  const command = `${output.command} compare --resume ${quoted(folder)}`;
  output.line(
    stopped === 'time'
      ? `\nThe minutes are up: ${runs} left. To go on with more:\n  ${command} --max-minutes N`
      : `\nStopped and saved; nothing is lost, ${runs} left. To go on:\n  ${command}`,
  );
}
