/**
 * Makes the Fashion-MNIST sample that ships in data/fashion-mnist: a tenth of the whole, stratified, seeded, shuffled.
 * Run with `npx tsx scripts/make-fashion-mnist-sample.ts [folder of the whole dataset]`; equal input gives equal bytes.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { type Dataset, readIdxFolder } from '../src/data/index.ts';
import { Random } from '../src/tensor/index.ts';

const seed = 2017;
const source = process.argv[2] ?? '/usr/share/datasets/fashion-mnist';
const target = fileURLToPath(new URL('../data/fashion-mnist/', import.meta.url));

function choose(dataset: Dataset, perClass: number): Uint32Array {
  const random = new Random(seed).fork(dataset.name);
  const chosen: number[] = [];
  dataset.classes.forEach((_, label) => {
    const members = Array.from({ length: dataset.length }, (_, i) => i).filter((i) => dataset.labels?.[i] === label);
    chosen.push(...random.fork(label).shuffle(members).slice(0, perClass));
  });
  return random.shuffle(Uint32Array.from(chosen));
}

function idx(magic: number, extents: readonly number[], content: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + 4 * extents.length + content.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, magic);
  for (const [i, extent] of extents.entries()) view.setUint32(4 + 4 * i, extent);
  bytes.set(content, 4 + 4 * extents.length);
  return bytes;
}

async function write(name: string, content: Uint8Array): Promise<void> {
  // Node writes no time; byte 9 names the system, 255 is `unknown`
  const gzipped = gzipSync(content, { level: 9 });
  gzipped[9] = 255;
  await writeFile(`${target}${name}.gz`, gzipped);
  console.log(`${name}.gz: ${gzipped.length} bytes`);
}

async function makeSplit(dataset: Dataset, prefix: string, perClass: number): Promise<void> {
  const samples = await Promise.all(Array.from(choose(dataset, perClass), async (index) => dataset.read(index)));
  const pixels = samples.flatMap(({ image }) => [...image.pixels]);
  const labels = samples.map(({ label }) => label);
  await write(`${prefix}-images-idx3-ubyte`, idx(0x803, [samples.length, 28, 28], Uint8Array.from(pixels)));
  await write(`${prefix}-labels-idx1-ubyte`, idx(0x801, [samples.length], Uint8Array.from(labels)));
}

const { train, test } = await readIdxFolder(source, { name: 'fashion-mnist' });
if (!test) throw new Error(`${source}: expected the test files (t10k-…) too`);
await mkdir(target, { recursive: true });
await makeSplit(train, 'train', 600);
await makeSplit(test, 't10k', 100);
