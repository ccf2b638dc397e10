/** What `skein demo` says at its end. */

import { quoted } from '../tensor/index.ts';
import type { DemoResult } from './demo.ts';
import { demoRecipe } from './demo-recipe.ts';
import type { Output } from './output.ts';
import { bytes, count, macs, percent } from './quantity.ts';
import { textTable } from './text-table.ts';
import { resumeCommand } from './train-report.ts';

type Finished = DemoResult & Required<Pick<DemoResult, 'test'>>;

const isFinished = (result: DemoResult): result is Finished => result.test !== undefined;

/** The comparison, the files and what to do next; where the demo was interrupted, how to go on. */
export function printDemo(output: Output, networks: readonly DemoResult[]): void {
  const finished = networks.filter(isFinished);
  if (finished.length > 0) printComparison(output, finished);
  const stopped = networks.filter(({ stopped }) => stopped === 'interrupted');
  if (stopped.length > 0) {
    output.line('\nStopped and saved; nothing is lost. To go on:');
    for (const { folder } of stopped) output.line(`  ${resumeCommand(output, folder)}`);
  } else printNext(output, finished);
}

function printComparison(output: Output, networks: readonly Finished[]): void {
  const rows = networks.map(({ name, test, params, macs: n, imagesPerSecond, peakBytes }) => [
    name,
    percent(test.top1),
    `${(test.interval.low * 100).toFixed(1)}–${percent(test.interval.high)}`,
    count(params),
    macs(n),
    count(imagesPerSecond),
    bytes(peakBytes),
  ]);
  const header = ['network', 'accuracy', '95 % interval', 'params', 'MACs', 'images/s', 'memory'];
  const [head = '', ...lines] = textTable(header, rows);
  output.line();
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
  output.paragraph(caption(networks), 'dim');
  const [linear, ...deep] = networks;
  if (!linear || deep.length < 2) return;
  output.line();
  output.paragraph(conclusion(linear, deep as [Finished, Finished]));
}

function caption(networks: readonly Finished[]): string {
  const total = networks[0]?.test.total ?? 0;
  const threads = networks
    .map((network) => network.threads)
    .join(', ')
    .replace(/, (\d+)$/, ' and $1');
  return `On ${count(total)} test images, after the last epoch. Speed and peak memory while training, with ${threads} threads.`;
}

/** How far both are above the linear classifier, and whether the sample can tell them apart. */
function conclusion(linear: Finished, [residual, dense]: [Finished, Finished]): string {
  const above = ({ test }: Finished) => `${((test.top1 - linear.test.top1) * 100).toFixed(1)} points`;
  const apart =
    residual.test.interval.low > dense.test.interval.high || dense.test.interval.low > residual.test.interval.high;
  return (
    `${residual.name} is ${above(residual)} above the linear classifier, ${dense.name} ${above(dense)}` +
    (apart ? '.' : `; ${count(dense.test.total)} test images are too few to say which of the two is better.`)
  );
}

function printNext(output: Output, networks: readonly Finished[]): void {
  const { command } = output;
  const [linear, residual, dense] = networks;
  if (!linear || !residual || !dense) return;
  output.line(`\n${output.style('bold', 'Saved')}`);
  for (const { folder } of networks) output.line(`  ${folder}`);
  output.line('  each with a report.html of its curves, confusions and worst mistakes');
  output.line(`\n${output.style('bold', 'Next')}
  ${command} eval ${quoted(dense.folder)} --data ${demoRecipe.data}
  ${command} train ${residual.name} --data FOLDER   # your images, a subfolder per class
  ${command} models`);
}
