/** CIFAR-10 itself, in both versions: the same images, labels and order. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Dataset, readCifarFolder } from '../src/data/index.ts';

const python = '/usr/bin/python3';
const hasNumpy = existsSync(python) && spawnSync(python, ['-c', 'import numpy']).status === 0;

const shared = process.env.SKEIN_SHARED_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const unpack = join(shared, 'unpack-cifar10.mjs');

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-cifar-'));
});
afterAll(() => rm(folder, { recursive: true }));

const at = (name: string) => join(folder, name);

const contentOf = (dataset: Dataset | undefined) =>
  Promise.all(Array.from({ length: dataset?.length ?? 0 }, async (_, i) => (dataset as Dataset).read(i)));

it.skipIf(!(hasNumpy && existsSync(unpack)))(
  'CIFAR-10 itself, pickled as Python 2 did, is the binary version to the last bit (needs ../shared/data and /usr/bin/python3)',
  async () => {
    expect(spawnSync(process.execPath, [unpack, at('bin')]).status).toBe(0);
    await mkdir(at('py'));
    const script = `
import pickle, struct, sys, numpy
source, target = sys.argv[1:]
text = lambda s: b'U' + bytes([len(s)]) + s.encode()
for name in ['data_batch_%d' % i for i in range(1, 6)] + ['test_batch']:
    records = numpy.fromfile(source + '/' + name + '.bin', 'u1').reshape(-1, 3073)
    pixels = records[:, 1:].tobytes()
    labels = b''.join(b'K' + bytes([label]) for label in records[:, 0])
    state = b'(K\\x01M' + struct.pack('<H', len(records)) + b'M\\x00\\x0c\\x86cnumpy\\ndtype\\n' + text('u1') + b'K\\x00K\\x01\\x87R(K\\x03' + text('|') + b'NNNJ\\xff\\xff\\xff\\xffJ\\xff\\xff\\xff\\xffK\\x00tb\\x89T' + struct.pack('<I', len(pixels)) + pixels + b'tb'
    array = b'cnumpy.core.multiarray\\n_reconstruct\\ncnumpy\\nndarray\\nK\\x00\\x85' + text('b') + b'\\x87R' + state
    data = b'\\x80\\x02}(' + text('data') + array + text('labels') + b'](' + labels + b'eu.'
    loaded = pickle.loads(data, encoding='latin1')
    assert (loaded['data'] == records[:, 1:]).all() and loaded['labels'] == records[:, 0].tolist()
    open(target + '/' + name, 'wb').write(data)
`;
    const { status, stderr } = spawnSync(python, ['-c', script, at('bin'), at('py')]);
    expect(status, String(stderr)).toBe(0);
    const [ours, theirs] = [await readCifarFolder(at('py')), await readCifarFolder(at('bin'))];
    expect([ours.train.length, ours.test?.length]).toEqual([50_000, 10_000]);
    expect(ours.train.classes).toEqual(theirs.train.classes);
    for (const part of ['train', 'test'] as const) {
      const [a, b] = [await contentOf(ours[part]), await contentOf(theirs[part])];
      expect(ours[part]?.labels).toEqual(theirs[part]?.labels);
      expect(a.every(({ image }, i) => Buffer.compare(image.pixels, b[i]?.image.pixels as Uint8Array) === 0)).toBe(
        true,
      );
    }
  },
  120_000,
);
