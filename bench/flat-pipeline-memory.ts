/**
 * Whether memory stays flat over epochs of very many image files: what this process holds while 50,000 links to the images of a folder are
 * prepared for a network.
 *
 * usage: tsx bench/flat-pipeline-memory.ts FOLDER [CACHE: off, bytes, or a folder] [WORKERS] [SIZE] [EPOCHS]
 */
import { link, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { flip } from '../src/augmentations/index.ts';
import { imageFolder, shuffledOrder } from '../src/data/index.ts';
import { Pipeline, usualWorkers } from '../src/pipeline/index.ts';

const files = 50_000;
const every = 5000;
const [source, cache = 'off', workers = String(usualWorkers()), size = '64', epochs = '1'] = process.argv.slice(2);
if (source === undefined) throw new Error('usage: flat-pipeline-memory.ts FOLDER [CACHE] [WORKERS] [SIZE] [EPOCHS]');

const found = await imageFolder(resolve(source), { size: Number(size) });
const paths = found.train.images?.paths ?? [];
const folder = await mkdtemp(join(tmpdir(), 'skein-links-'));
for (const name of ['a', 'b']) await mkdir(join(folder, name));
for (let i = 0; i < files; i++) {
  const [from, to] = [paths[i % paths.length] as string, join(folder, i % 2 === 0 ? 'a' : 'b', `${i}.jpg`)];
  await link(from, to).catch(() => symlink(from, to));
}

const { train } = await imageFolder(folder, { size: Number(size), validationFraction: 0.001 });
const pipeline = new Pipeline({
  workers: Number(workers),
  cache: /^\d+$/.test(cache) ? Number(cache) : cache,
  onNote: console.log,
});
console.log(`${train.length} files at ${size} pixels, cache ${cache}, ${workers} workers`);
let seconds = performance.now() / 1000;
for (let epoch = 0, done = 0, next = 0; epoch < Number(epochs); epoch++) {
  const order = shuffledOrder(train.length, 0, epoch);
  const source = {
    dataset: train,
    order,
    batchSize: 128,
    normalisation: found.normalisation,
    augment: [flip()],
    epoch,
  };
  for await (const { count } of pipeline.batches(source)) {
    done += count;
    if (done < next) continue;
    const now = performance.now() / 1000;
    const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
    const [all, heap, arrays] = [rss, heapUsed, arrayBuffers].map((bytes) => (bytes / 1e6).toFixed(0).padStart(5));
    console.log(
      `${String(done).padStart(7)} files  ${all} MB, of them heap ${heap}, arrays ${arrays}  ${(every / (now - seconds)).toFixed(0).padStart(5)} files/s`,
    );
    seconds = now;
    next += every;
  }
}
await pipeline.close();
await rm(folder, { recursive: true });
