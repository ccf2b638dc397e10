/** What `skein bench ranks` says at its end. */
import type { ExpectedSpeed, Line, MeasuredRanks } from '../bench/index.ts';
import type { Output } from './output.ts';
import { count, counted, fileSize, percent } from './quantity.ts';
import { textTable } from './text-table.ts';

/** A network on several machines. */
export interface RanksResult {
  readonly network: string;
  /** In a step. */
  readonly imagesPerNode: number;
  /** Of one machine's step, without what several need. */
  readonly computeSeconds: number;
  readonly gradientBytes: number;
  readonly packingSeconds: number;
  readonly line: Omit<Line, 'bitsPerSecond'>;
  /** Null where a rate was given; `bitsPerSecond` is null where all ranks are on one machine. */
  readonly measured: (MeasuredRanks & { readonly bitsPerSecond: number | null }) | null;
  /** The line that was measured first, where there is one. */
  readonly expected: readonly ExpectedSpeed[];
}

/** A table for each network: how much of its speed a machine keeps, by line and number of machines. */
export function printRanks(output: Output, results: readonly RanksResult[]): void {
  for (const { network, imagesPerNode, computeSeconds, gradientBytes, measured, expected } of results) {
    const facts = [
      `${count(imagesPerNode)} images a machine in ${seconds(computeSeconds)}`,
      `${fileSize(gradientBytes)} of gradients${measured ? ` reduced in ${seconds(measured.reductionSeconds)}` : ''}`,
    ];
    output.line();
    output.labelled(network, facts.join(', '));
    const [head = '', ...lines] = textTable(...tableOf(expected, measured?.bitsPerSecond ?? undefined));
    output.line(output.style('dim', head));
    for (const line of lines) output.line(line);
  }
  const [{ line, measured }] = results as [RanksResult];
  output.line();
  if (measured) output.paragraph(howMeasured(measured), 'dim');
  output.paragraph(
    `Per cent: how much of its own speed a machine keeps. Gradients go round in a ring over ${percent(line.share, 0)} of the line, ${micro(line.latencySeconds)} a message; nothing is computed meanwhile.`,
    'dim',
  );
}

function howMeasured({ ranks, hosts, library, engine, precision, threads, rounds }: MeasuredRanks): string {
  const where = hosts.length === 1 ? 'one machine, which they share' : `${hosts.length} machines (${hosts.join(', ')})`;
  const how = `${engine}, ${precision}, ${counted(threads, 'thread', 'threads')} each; ${library}`;
  return `Measured by ${ranks} ranks on ${where}: ${how}; medians of ${counted(rounds, 'round', 'rounds')}, the slowest rank’s time.`;
}

function tableOf(
  expected: readonly ExpectedSpeed[],
  measured: number | undefined,
): [header: string[], rows: string[][]] {
  const numbers = [...new Set(expected.map(({ nodes }) => nodes))];
  const lines = [...new Set(expected.map(({ bitsPerSecond }) => bitsPerSecond))];
  return [
    ['machines', ...numbers.map(count)],
    lines.map((line) => [
      line === measured ? `${Number((line / 1e9).toPrecision(2))} Gbit/s, as measured` : `${line / 1e9} Gbit/s`,
      ...expected.filter(({ bitsPerSecond }) => bitsPerSecond === line).map((one) => percent(one.efficiency, 0)),
    ]),
  ];
}

const seconds = (n: number) => (n < 1 ? `${(1000 * n).toFixed(0)} ms` : `${n.toFixed(2)} s`);
const micro = (n: number) => `${Number((1e6 * n).toPrecision(3))} µs`;
