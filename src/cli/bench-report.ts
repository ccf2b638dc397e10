/** What `skein bench` says at its end. */
import type { BenchResult } from '../bench/index.ts';
import type { Output } from './output.ts';
import { bytes, count } from './quantity.ts';
import { textTable } from './text-table.ts';

/** A row for each case, and below them how they were measured. */
export function printBench(output: Output, results: readonly BenchResult[]): void {
  const compared = results.some(({ peer }) => peer !== null);
  const rows = results.map(({ case: name, phase, batchSize, imagesPerSecond, peakBytes, peer }) => [
    name,
    phase,
    String(batchSize),
    rate(imagesPerSecond),
    bytes(peakBytes),
    ...(compared
      ? peer
        ? [rate(peer.imagesPerSecond), bytes(peer.peakBytes), peer.ratio.toFixed(2)]
        : ['-', '-', '-']
      : []),
  ]);
  const header = [
    'network',
    'phase',
    'batch',
    'images/s',
    'memory',
    ...(compared ? ['PyTorch', 'memory', 'ratio'] : []),
  ];
  const [head = '', ...lines] = textTable(header, rows, { left: 2 });
  output.line();
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
  output.paragraph(caption(results), 'dim');
}

/** 412; below ten with a digit behind the point. */
const rate = (n: number) => (n < 10 ? n.toFixed(1) : count(n));

/** onnxruntime; onednn (train) and onnxruntime (infer), where they are not the same. */
function enginesOf(results: readonly BenchResult[]): string {
  const phases = new Map(results.map(({ engine, phase }) => [`${engine} (${phase})`, engine]));
  const names = new Set(phases.values());
  return names.size === 1 ? [...names].join() : [...phases.keys()].join(' and ');
}

function caption(results: readonly BenchResult[]): string {
  const { precision, threads, rounds } = results[0] as BenchResult;
  const peer = results.find((result) => result.peer)?.peer;
  const threading = threads === 1 ? '1 thread' : `${threads} threads`;
  const turns = rounds === 1 ? 'one round' : `${rounds} rounds, medians`;
  return (
    `Skein on ${enginesOf(results)}, ${precision}, ${threading}; ${turns}; peak memory.` +
    (peer
      ? ` In turns with ${peer.name} in its faster memory format, as many threads; the ratio is the median of the rounds'.`
      : '')
  );
}
