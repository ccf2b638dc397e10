/** What `skein bench ranks` says at its end. */
import type { ExpectedSpeed, Line } from '../bench/index.ts';
import type { Output } from './output.ts';
import { bytes, count, percent } from './quantity.ts';
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
  readonly expected: readonly ExpectedSpeed[];
}

/** A table for each network: how much of its speed a machine keeps, by line and number of machines. */
export function printRanks(output: Output, results: readonly RanksResult[]): void {
  for (const { network, imagesPerNode, computeSeconds, gradientBytes, expected } of results) {
    const facts = [
      `${count(imagesPerNode)} images a machine in ${seconds(computeSeconds)}`,
      `${bytes(gradientBytes)} of gradients`,
    ];
    output.line();
    output.labelled(network, facts.join(', '));
    const [head = '', ...lines] = textTable(...tableOf(expected));
    output.line(output.style('dim', head));
    for (const line of lines) output.line(line);
  }
  const [{ line }] = results as [RanksResult];
  output.line();
  output.paragraph(
    `Per cent: how much of its own speed a machine keeps. Gradients go round in a ring over ${percent(line.share, 0)} of the line, ${micro(line.latencySeconds)} a message; nothing is computed meanwhile.`,
    'dim',
  );
}

function tableOf(expected: readonly ExpectedSpeed[]): [header: string[], rows: string[][]] {
  const numbers = [...new Set(expected.map(({ nodes }) => nodes))];
  const lines = [...new Set(expected.map(({ bitsPerSecond }) => bitsPerSecond))];
  return [
    ['machines', ...numbers.map(count)],
    lines.map((line) => [
      `${line / 1e9} Gbit/s`,
      ...expected.filter(({ bitsPerSecond }) => bitsPerSecond === line).map((one) => percent(one.efficiency, 0)),
    ]),
  ];
}

const seconds = (n: number) => (n < 1 ? `${(1000 * n).toFixed(0)} ms` : `${n.toFixed(2)} s`);
const micro = (n: number) => `${Number((1e6 * n).toPrecision(3))} µs`;
