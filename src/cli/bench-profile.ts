/** What `skein bench --profile` says about a step. */
import type { BenchProfile } from '../bench/index.ts';
import type { Output } from './output.ts';
import { count, percent } from './quantity.ts';
import { textTable } from './text-table.ts';

/** A row for each kind of instruction, the slowest first, and their sum. */
export function printProfile(output: Output, profile: BenchProfile): void {
  const { instructions, milliseconds } = profile;
  const rows = instructions.map(({ name, share, calls, ...own }) => [
    name,
    time(own.milliseconds),
    percent(share, 1),
    count(calls),
  ]);
  const calls = instructions.reduce((sum, instruction) => sum + instruction.calls, 0);
  const all = [...rows, ['all instructions', time(milliseconds), percent(1, 1), count(calls)]];
  const [head = '', ...lines] = textTable(['instruction', 'ms', 'share', 'calls'], all);
  const { case: name, phase, batchSize, engine, precision, threads } = profile;
  output.line();
  output.line(output.style('bold', `${name} ${phase}, batch ${batchSize}`));
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
  output.paragraph(
    `Skein on ${engine}, ${precision}, ${threads === 1 ? '1 thread' : `${threads} threads`}; medians of each instruction, summed by kind.`,
    'dim',
  );
}

/** 12.34 */
const time = (milliseconds: number) => milliseconds.toFixed(2);
