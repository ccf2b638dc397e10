/**
 * How many planted wrong labels are found: a share of the training images' labels is made wrong, each another class at random.
 *
 *     npx tsx bench/planted-labels.ts CHECKPOINT DATA [images=10000] [skip=0] [share=0.05]
 *
 * CHECKPOINT gives the features of `images` training images of DATA, from the one after `skip` on. Precision at k: of the k most doubtful,
 * the share that was planted.
 */
import { loadClassifier, loadData, subset } from '../src/index.ts';
import { findDoubtfulLabels } from '../src/probes/index.ts';
import { Random } from '../src/tensor/index.ts';

const [checkpoint, source, images = '10000', skip = '0', share = '0.05'] = process.argv.slice(2);
if (!checkpoint || !source) throw new Error('usage: planted-labels CHECKPOINT DATA [images] [skip] [share]');
const classifier = await loadClassifier(checkpoint);
const { train } = await loadData(source, { size: classifier.checkpoint.preprocessing.height });
const count = Math.min(Number(images), train.length - Number(skip));
const {
  features,
  width,
  labels: given,
} = await classifier.embed(
  subset(
    train,
    Array.from({ length: count }, (_, i) => Number(skip) + i),
  ),
);
await classifier.dispose();

const classes = train.classes.length;
const random = new Random('planted');
const order = random.shuffle([...given.keys()]);
const planted = new Set(order.slice(0, Math.round(Number(share) * given.length)));
const labels = given.map((label, i) => (planted.has(i) ? (label + 1 + random.integer(classes - 1)) % classes : label));
const found = findDoubtfulLabels({ features, width, labels, classes });
console.log(`${planted.size} of ${given.length} labels planted, ${found.length} doubtful`);
for (const k of [planted.size / 2, planted.size].map(Math.round)) {
  const right = found.slice(0, k).filter(({ sample }) => planted.has(sample)).length;
  console.log(`precision at ${k}: ${(right / Math.min(k, found.length)).toFixed(3)}`);
}
