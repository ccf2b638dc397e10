import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCifarFolder } from './cifar.ts';
import type { Dataset } from './dataset.ts';
import { findData } from './load-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-cifar-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);
const bytes = (...parts: (string | Uint8Array)[]) =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part)));
const uint32 = (value: number) => new Uint8Array(new Uint32Array([value]).buffer);
const uint64 = (value: number) => new Uint8Array(new BigUint64Array([BigInt(value)]).buffer);
const short = (code: string, text: string) => bytes(code, new Uint8Array([text.length]), text);
const unicode = (text: string) => bytes('X', uint32(Buffer.byteLength(text)), Buffer.from(text));

/** How each version of Python writes keys, and an array of images. */
const writers = {
  'Python 2': {
    text: (text: string) => short('U', text),
    array: (pixels: Uint8Array, rows: number, type: string) =>
      bytes(
        'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85U\x01b\x87R',
        state(short('U', type), rows),
        'T',
        uint32(pixels.length),
        pixels,
        'tb',
      ),
  },
  'Python 3, protocol 2': {
    text: unicode,
    array: (pixels: Uint8Array, rows: number, type: string) =>
      bytes(
        'cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\nK\0\x85c_codecs\nencode\nX\x01\0\0\0bX\x06\0\0\0latin1\x86R\x87R',
        state(unicode(type), rows),
        'c_codecs\nencode\n',
        unicode(Buffer.from(pixels).toString('latin1')),
        unicode('latin1'),
        '\x86Rtb',
      ),
  },
  'Python 3, protocol 4, NumPy 2': {
    text: (text: string) => short('C', text),
    array: (pixels: Uint8Array, rows: number, type: string) =>
      bytes(
        short('\x8c', 'numpy._core.multiarray'),
        short('\x8c', '_reconstruct'),
        '\x93',
        short('\x8c', 'numpy'),
        short('\x8c', 'ndarray'),
        '\x93K\0\x85C\x01b\x87R',
        state(short('\x8c', type), rows),
        '\x8e',
        uint64(pixels.length),
        pixels,
        'tb',
      ),
  },
  'Python 3, protocol 5': {
    text: (text: string) => short('\x8c', text),
    array: (pixels: Uint8Array, rows: number, type: string) =>
      bytes(
        short('\x8c', 'numpy.core.numeric'),
        short('\x8c', '_frombuffer'),
        '\x93(\x96',
        uint64(pixels.length),
        pixels,
        dtype(short('\x8c', type)),
        'M',
        new Uint8Array(new Uint16Array([rows]).buffer),
        'M\0\x0c\x86',
        short('\x8c', 'C'),
        'tR',
      ),
  },
} as const;

const dtype = (type: Uint8Array) => bytes('cnumpy\ndtype\n', type, '\x89\x88\x87R(K\x03N', 'N', 'N', 'N', 'tb');
const state = (type: Uint8Array, rows: number) =>
  bytes('(K\x01M', new Uint8Array(new Uint16Array([rows]).buffer), 'M\0\x0c\x86', dtype(type), '\x89');

type Writer = (typeof writers)[keyof typeof writers];

interface Batch {
  readonly lists: Readonly<Record<string, readonly number[]>>;
  readonly pixels: Uint8Array;
  readonly rows?: number;
  readonly type?: string;
}

function pickle(
  { text, array }: Writer,
  { lists, pixels, rows = pixels.length / 3072, type = 'u1' }: Batch,
): Uint8Array {
  const items = Object.entries(lists).map(([key, list]) =>
    bytes(text(key), '](', ...list.map((label) => new Uint8Array([0x4b, label])), 'e'),
  );
  return bytes(
    '\x80\x05}(',
    text('batch_label'),
    text('a batch'),
    text('data'),
    array(pixels, rows, type),
    ...items,
    'u.',
  );
}

const names = ({ text }: Writer, lists: Readonly<Record<string, readonly string[]>>) =>
  bytes(
    '\x80\x05}(',
    ...Object.entries(lists).flatMap(([key, list]) => [text(key), '](', ...list.map(text), 'e']),
    'u.',
  );

/** Pixel p of image i is (37 i + p) mod 256. */
const pixelsOf = (images: number) =>
  Uint8Array.from({ length: images * 3072 }, (_, k) => (37 * Math.floor(k / 3072) + (k % 3072)) % 256);

const contentOf = async (dataset: Dataset | undefined) =>
  Promise.all(Array.from({ length: dataset?.length ?? 0 }, async (_, i) => (dataset as Dataset).read(i)));

describe.each(Object.entries(writers))('a pickle of %s', (_, writer) => {
  it('holds what the binary version holds', async () => {
    const labels = [
      [3, 1],
      [0, 2],
      [1, 1],
    ] as const;
    await mkdir(at('py'));
    await mkdir(at('bin'));
    for (const [i, name] of ['data_batch_1', 'data_batch_2', 'test_batch'].entries()) {
      const pixels = pixelsOf(4).subarray(i * 3072, (i + 2) * 3072);
      const [first, second] = labels[i] as readonly [number, number];
      await writeFile(at('py', name), pickle(writer, { lists: { labels: [first, second] }, pixels }));
      const rows = [new Uint8Array([first]), pixels.subarray(0, 3072), new Uint8Array([second]), pixels.subarray(3072)];
      await writeFile(at('bin', `${name}.bin`), bytes(...rows));
    }
    const classes = ['ant', 'bee', 'cow', 'dog'];
    await writeFile(at('py/batches.meta'), names(writer, { label_names: classes }));
    await writeFile(at('bin/batches.meta.txt'), `${classes.join('\n')}\n`);
    const [ours, theirs] = [await findData(at('py')), await findData(at('bin'))];
    expect(ours.classes).toEqual(classes);
    expect(ours.normalisation).toEqual(theirs.normalisation);
    for (const part of ['train', 'test'] as const) {
      expect(ours.parts[part]?.length).toBe(part === 'train' ? 4 : 2);
      expect(await contentOf(ours.parts[part])).toEqual(await contentOf(theirs.parts[part]));
      expect(ours.parts[part]?.labels).toEqual(theirs.parts[part]?.labels);
    }
  });

  it('of CIFAR-100 gives the fine labels', async () => {
    const lists = { fine_labels: [4, 0], coarse_labels: [1, 0] };
    await writeFile(at('train'), pickle(writer, { lists, pixels: pixelsOf(2) }));
    const fine = ['a', 'b', 'c', 'd', 'e'];
    await writeFile(at('meta'), names(writer, { fine_label_names: fine, coarse_label_names: ['x', 'y'] }));
    const { train, test } = await readCifarFolder(folder);
    expect(train.classes).toEqual(fine);
    expect(Array.from(train.labels ?? [])).toEqual([4, 0]);
    expect(test).toBeUndefined();
  });
});

describe('a pickle that is no batch', () => {
  const refusal = async (content: Uint8Array) => {
    await writeFile(at('data_batch_1'), content);
    return readCifarFolder(folder).then(
      () => 'nothing',
      ({ code, message }: { code: string; message: string }) => `${code} ${message.replace(`${folder}/`, '')}`,
    );
  };
  const writer = writers['Python 3, protocol 5'];
  const whole = pickle(writer, { lists: { labels: [1, 2] }, pixels: pixelsOf(2) });

  it('is refused with what it holds, cut off, of another shape or type, or with other labels', async () => {
    expect(await refusal(whole)).toBe('nothing');
    expect(await refusal(whole.subarray(0, 3000))).toMatch(
      /^DATA data_batch_1: expected a file of CIFAR's version for Python, but it cannot be read: expected \d+ more bytes/,
    );
    const batch = { lists: { labels: [1, 2] }, pixels: pixelsOf(2) };
    const wrong = (change: Partial<Batch>) => refusal(pickle(writer, { ...batch, ...change }));
    expect(await wrong({ rows: 3 })).toBe(
      'DATA data_batch_1: expected an array of u1 [images, 3072] as `data`, but got an array of u1 [3, 3072] in 6144 bytes',
    );
    expect(await wrong({ type: 'f4' })).toMatch(/but got an array of f4 \[2, 3072\]/);
    expect(await wrong({ lists: {} })).toBe(
      'DATA data_batch_1: expected a list of 2 labels as `labels`, one for each image, but got none',
    );
    expect(await wrong({ lists: { labels: [1] } })).toMatch(/but got a list of 1$/);
    expect(await wrong({ lists: { labels: [1, 10] } })).toBe(
      'DATA data_batch_1: expected labels from 0 to 9 as `labels`, but that of image 1 is 10',
    );
    expect(await refusal(bytes('\x80\x02]q\x01.'))).toMatch(/expected a dict, .* but got a list of 0/);
    expect(await refusal(bytes('zip'))).toMatch(
      /it cannot be read: pickle: expected an instruction at byte 0, got "z"/,
    );
  });

  it('runs nothing: a call of a name that is no array gives nothing to read', async () => {
    const marker = at('ran');
    const call = bytes('\x80\x02}(', short('U', 'data'), `cposix\nsystem\n`, unicode(`touch ${marker}`), '\x85Ru.');
    expect(await refusal(call)).toMatch(/as `data`, but got an object of "posix.system"/);
    expect(existsSync(marker)).toBe(false);
  });
});

it('an archive is named, with the command that unpacks it; so is a single batch', async () => {
  await writeFile(at('cifar-10-python.tar.gz'), '');
  await writeFile(at('data_batch_1'), '');
  await expect(findData(at('cifar-10-python.tar.gz'))).rejects.toMatchObject({
    message: `${at('cifar-10-python.tar.gz')}: expected a dataset, but this is an archive`,
    hint: `unpack it (tar -xf ${at('cifar-10-python.tar.gz')}) and give the folder that comes out`,
  });
  await expect(findData(at('data_batch_1'))).rejects.toThrow(
    /expected the folder of a CIFAR dataset, but got one of its files/,
  );
});

it('folders called train and meta are an image folder, and no CIFAR', async () => {
  for (const name of ['train/a/1.jpg', 'train/b/1.jpg', 'meta/notes.txt']) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), '');
  }
  expect((await findData(folder)).classes).toEqual(['a', 'b']);
});

const python = '/usr/bin/python3';
const hasNumpy = existsSync(python) && spawnSync(python, ['-c', 'import numpy']).status === 0;

it.skipIf(!hasNumpy)(
  'what the installed Python and NumPy pickle is read, in every protocol (needs /usr/bin/python3 with NumPy)',
  async () => {
    const script = `
import pickle, sys, numpy
folder, protocol = sys.argv[1], int(sys.argv[2])
pixels = (37 * numpy.arange(3)[:, None] + numpy.arange(3072)).astype('u1')
batch = {'batch_label': 'one', 'labels': [7, 0, 9], 'data': pixels, 'filenames': ['a.png', 'b.png', 'c.png']}
if protocol == 3: batch = {key.encode(): value for key, value in batch.items()}
pickle.dump(batch, open(folder + '/data_batch_1', 'wb'), protocol=protocol)
pickle.dump({'label_names': ['c%d' % i for i in range(10)]}, open(folder + '/batches.meta', 'wb'), protocol=protocol)
`;
    for (const protocol of [1, 2, 3, 4, 5]) {
      const { status, stderr } = spawnSync(python, ['-c', script, folder, String(protocol)]);
      expect(status, String(stderr)).toBe(0);
      const { train } = await readCifarFolder(folder);
      expect(Array.from(train.labels ?? []), String(protocol)).toEqual([7, 0, 9]);
      const read = bytes(...(await contentOf(train)).map(({ image }) => image.pixels));
      expect(read.equals(pixelsOf(3)), String(protocol)).toBe(true);
      expect(train.classes[9]).toBe('c9');
    }
  },
);
