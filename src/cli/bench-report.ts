/** What `skein bench` says at its end. */
import type { ComparedResult } from '../bench/index.ts';
import type { Output } from './output.ts';
import { bytes, count, percent } from './quantity.ts';
import { textTable } from './text-table.ts';

/** A row for each case: how fast; another: how much of what the machine can do; and below them how they were measured. */
export function printBench(output: Output, results: readonly ComparedResult[]): void {
  table(output, ratesOf(results));
  table(output, operationsOf(results));
  output.paragraph(caption(results), 'dim');
}

interface Table {
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

function table(output: Output, { header, rows }: Table): void {
  const [head = '', ...lines] = textTable(header, rows, { left: 2 });
  output.line();
  output.line(output.style('bold', head));
  for (const line of lines) output.line(line);
}

function ratesOf(results: readonly ComparedResult[]): Table {
  const beside = peerName(results);
  return {
    header: ['network', 'phase', 'batch', 'images/s', 'memory', ...(beside ? [beside, 'memory', 'ratio'] : [])],
    rows: results.map(({ case: name, phase, batchSize, imagesPerSecond, peakBytes, peer }) => [
      name,
      phase,
      String(batchSize),
      rate(imagesPerSecond),
      bytes(peakBytes),
      ...(beside
        ? peer
          ? [rate(peer.imagesPerSecond), bytes(peer.peakBytes), peer.ratio.toFixed(2)]
          : ['-', '-', '-']
        : []),
    ]),
  };
}

/** What a peer computes in another precision has another peak. */
function operationsOf(results: readonly ComparedResult[]): Table {
  const beside = peerName(results);
  const known = results.some(({ matrixPeak }) => matrixPeak !== null);
  const share = (of: number | null | undefined) =>
    known ? [of === null || of === undefined ? '-' : percent(of, 0)] : [];
  const header = known ? ['of peak'] : [];
  return {
    header: ['network', 'phase', 'GFLOP/s', ...header, ...(beside ? [beside, ...header] : [])],
    rows: results.map(({ case: name, phase, operationsPerSecond, shareOfPeak, precision, peer }) => {
      const peerShare =
        peer && shareOfPeak !== null && peer.precision === precision
          ? (shareOfPeak * peer.operationsPerSecond) / operationsPerSecond
          : null;
      return [
        name,
        phase,
        giga(operationsPerSecond),
        ...share(shareOfPeak),
        ...(beside ? [peer ? giga(peer.operationsPerSecond) : '-', ...share(peerShare)] : []),
      ];
    }),
  };
}

/** 412; below ten with a digit behind the point. */
const rate = (n: number) => (n < 10 ? n.toFixed(1) : count(n));
const giga = (n: number) => rate(n / 1e9);

/** onnxruntime; onednn (train) and onnxruntime (infer), where they are not the same. */
function enginesOf(results: readonly ComparedResult[]): string {
  const phases = new Map(results.map(({ engine, phase }) => [`${engine} (${phase})`, engine]));
  const names = new Set(phases.values());
  return names.size === 1 ? [...names].join() : [...phases.keys()].join(' and ');
}

const peerOf = (results: readonly ComparedResult[]) => results.find(({ peer }) => peer)?.peer;
/** Without its version. */
const peerName = (results: readonly ComparedResult[]) => peerOf(results)?.name.split(' ')[0];

function caption(results: readonly ComparedResult[]): string {
  const { precision, threads, rounds, matrixPeak } = results[0] as ComparedResult;
  const peer = peerOf(results);
  const threading = threads === 1 ? '1 thread' : `${threads} threads`;
  const turns = rounds === 1 ? 'one round' : `${rounds} rounds, medians`;
  const sentences = [`Skein on ${enginesOf(results)}, ${precision}, ${threading}; ${turns}; peak memory.`];
  if (peer) {
    const how = peer.name.startsWith('PyTorch') ? ' in its faster memory format' : '';
    sentences.push(
      `In turns with ${peer.name}, ${peer.precision},${how && `${how},`} as many threads; the ratio is the median of the rounds'.`,
    );
  }
  sentences.push('A training step counts as three forward passes.');
  if (matrixPeak) {
    const { before, after } = matrixPeak;
    const measured =
      after === null ? `${giga(before)} GFLOP/s before` : `${giga(before)} GFLOP/s before and ${giga(after)} after`;
    sentences.push(`The peak is the best of large matrix products, ${measured}.`);
  }
  return sentences.join(' ');
}
