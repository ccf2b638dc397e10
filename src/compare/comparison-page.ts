/** comparison.html: what the page shows of a comparison. */
import { type DataSource, sourceText } from '../data/index.ts';
import { comparisonPage, count } from '../report/index.ts';
import { recipeRows } from '../train/index.ts';
import { version } from '../trained/index.ts';
import type { Comparison } from './comparison.ts';
import type { ComparisonState } from './comparison-state.ts';

/** The page's text; undefined as long as no training is done. */
export function comparisonPageOf(comparison: Comparison, state: ComparisonState): string | undefined {
  const networks = comparison.networks.flatMap((network) => {
    const { top1, imagesPerSecond, peakBytes, seconds, secondsToTarget, name, seeds, params, macs, pareto } = network;
    if (!top1) return [];
    const curves = network.runs.flatMap(({ outcome }) => (outcome ? [outcome.epochs] : []));
    const known = { imagesPerSecond, peakBytes, seconds, secondsToTarget };
    return [{ name, seeds, top1, params, macs, pareto, curves, ...(known as Required<typeof known>) }];
  });
  if (networks.length === 0) return undefined;
  const { split, images, left, differences, notes, target } = comparison;
  return comparisonPage({
    data: sourceText(state.networks[0]?.config.data as DataSource),
    split,
    images,
    seeds: comparison.seeds.length,
    left,
    networks: networks as Parameters<typeof comparisonPage>[0]['networks'],
    differences: differences.map(({ interval, ...one }) => ({ ...one, interval })),
    notes,
    target,
    failures: comparison.networks.flatMap(({ name, runs }) =>
      runs.flatMap(({ seed, failure }) => (failure ? [{ network: name, seed, message: failure.message }] : [])),
    ),
    facts: factsOf(comparison, state),
    version,
  });
}

function factsOf({ networks, seeds }: Comparison, { samples, networks: kept, maxMinutes }: ComparisonState) {
  const config = kept[0]?.config ?? {};
  const outcome = networks.flatMap(({ runs }) => runs.flatMap((run) => run.outcome ?? []))[0];
  const sides = [...new Set(kept.map(({ config: { image } }) => sizeText(image)))];
  const rows: [label: string, text: string][] = [
    [
      'images',
      `${count(samples.train)} for training, ${count(samples.validation)} for validation, ${samples.test > 0 ? `${count(samples.test)} for the test` : 'none for a test'}`,
    ],
    ['image size', sides.length === 1 ? (sides[0] ?? '') : `as each network takes it: ${sides.join('; ')}`],
    ['epochs', `${config.epochs}, batches of ${config.batchSize}`],
    ...(maxMinutes === undefined
      ? []
      : [['time', `${maxMinutes} minutes for all trainings together`] as [string, string]]),
    ...recipeRows(config).filter(([label]) => label !== 'network'),
    ['seeds', seeds.join(', ')],
  ];
  if (outcome) {
    const { engine, precision, threads } = outcome;
    rows.push(['engine', `${engine}, ${precision}, ${threads === 1 ? '1 thread' : `${threads} threads`}`]);
  }
  return rows;
}

function sizeText(image: unknown): string {
  const { channels, height, width } = image as Readonly<Record<string, number>>;
  return `${height}×${width}, ${channels === 1 ? 'grey' : `${channels} channels`}`;
}
