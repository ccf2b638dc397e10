/**
 * Whether maps show what a network uses and what it learned, over many images: insertion and deletion beside random maps, and likeness while weights
 * are lost.
 *
 *     npx tsx bench/explanations.ts CHECKPOINT DATA [images=200] [methods=gradCam,integratedGradients]
 *
 * The first images of the test split (else validation) of DATA, each for the label that the network takes it for. Intervals are of 95 %, Student's t
 * over the images; `difference` is that of each image's map from the mean of its random maps.
 */
import { type ExplainedMap, explain, loadClassifier, loadData } from '../src/index.ts';
import { tInterval } from '../src/metrics/index.ts';

const [checkpoint, source, images = '200', methods = 'gradCam,integratedGradients'] = process.argv.slice(2);
if (!checkpoint || !source) throw new Error('usage: explanations CHECKPOINT DATA [images] [methods]');
const classifier = await loadClassifier(checkpoint);
const { test, validation } = await loadData(source, { size: classifier.checkpoint.preprocessing.height });
const split = test ?? validation;
if (!split) throw new Error(`${source}: it has neither test nor validation images`);
const count = Math.min(Number(images), split.length);
const start = performance.now();
const explained = await explain(classifier, {
  images: await Promise.all(Array.from({ length: count }, async (_, i) => (await split.read(i)).image)),
  methods,
});
await classifier.dispose();

const text = (values: readonly number[]) => {
  const { mean, low, high } = tInterval(values);
  return `${mean.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})`;
};
const all = explained.images.flatMap(({ maps }) => maps);
for (const title of new Set(all.map((map) => map.title))) {
  const maps = all.filter((map) => map.title === title);
  const of = (number: (checks: NonNullable<ExplainedMap['checks']>) => number) =>
    maps.flatMap(({ checks }) => (checks ? [number(checks)] : []));
  console.log(`${title}, ${maps.length} images`);
  for (const score of ['insertion', 'deletion'] as const) {
    console.log(`  ${score.padEnd(10)} ${text(of((checks) => checks[score]))}`);
    console.log(`    random   ${text(of((checks) => checks.random[score]))}`);
    console.log(`    difference ${text(of((checks) => checks[score] - checks.random[score]))}`);
  }
  for (const [at, { path }] of (maps[0]?.checks?.randomised ?? []).entries()) {
    const known = maps.flatMap(({ checks }) => checks?.randomised[at]?.correlation ?? []);
    const flat = maps.length - known.length;
    console.log(`  new from the head to ${path}: ${text(known)}${flat > 0 ? `, and ${flat} flat maps` : ''}`);
  }
  const gaps = maps.flatMap(({ completeness }) => (completeness ? [completeness] : []));
  if (gaps.length > 0)
    console.log(
      `  completeness: ${gaps.filter(({ gap }) => gap <= 0.01).length} of ${gaps.length} within 1 %, ` +
        `median steps ${gaps.map(({ steps }) => steps).sort((a, b) => a - b)[Math.floor(gaps.length / 2)]}`,
    );
}
console.log(`${((performance.now() - start) / 1000).toFixed(0)} s`);
