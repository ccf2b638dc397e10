/** comparison.csv: a row for each run, for spreadsheets and plots. */
import Papa from 'papaparse';
import type { Comparison } from './comparison.ts';

/** RFC 4180; shares run from 0 to 1, and what is not known is empty. */
export function comparisonCsv({ networks }: Pick<Comparison, 'networks'>): string {
  const rows = networks.flatMap(({ name, params, macs, runs }) =>
    runs.map(({ seed, outcome, failure }) => ({
      network: name,
      seed,
      state: outcome ? outcome.stopped : failure ? 'failed' : 'left',
      measured_on: outcome?.score.split,
      top1: outcome?.score.top1,
      correct: outcome?.score.correct,
      images: outcome?.score.total,
      loss: outcome?.score.loss,
      epochs: outcome?.epochs.length,
      best_epoch: outcome?.best.epoch,
      validation_top1: outcome?.best.top1,
      params,
      macs,
      images_per_second: outcome?.imagesPerSecond,
      peak_bytes: outcome?.peakBytes,
      seconds: outcome?.seconds,
    })),
  );
  return `${Papa.unparse(rows, { newline: '\n' })}\n`;
}
