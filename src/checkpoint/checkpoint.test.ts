import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest';
import { CheckpointError, decodeSafetensors, encodeSafetensors, type Tensor, tensor } from '../tensor/index.ts';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from './index.ts';

const checkpoint: Checkpoint = {
  kind: 'skein-checkpoint',
  version: 1,
  network: { name: 'resnet20', options: { depth: 20, shortcut: 'A' } },
  graph: '{"nodes":[]}',
  classes: ['cat', 'Hündin'],
  preprocessing: {
    channels: 1,
    grey: 'luma',
    height: 2,
    width: 3,
    mean: [0.5],
    std: [0.25],
    resize: { shorterSide: 4 },
    interpolation: 'bilinear',
  },
  training: {
    epoch: 3,
    step: 120,
    seed: 7,
    config: { lr: 0.1, augment: ['flip'] },
    best: { epoch: 2, top1: 0.75 },
    history: [{ loss: 1.5 }],
  },
  tensors: new Map<string, Tensor>([
    ['conv1.weight', tensor('float32', [2, 1], new Float32Array([0.5, -0.5]))],
    ['step', tensor('int64', [], new BigInt64Array([120n]))],
  ]),
};

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'checkpoint-'));
  path = join(folder, 'last.safetensors');
});
afterEach(() => rm(folder, { recursive: true }));

/** Saves `checkpoint` with some of its metadata replaced, then loads it and gives the error. */
async function failureWith(changes: Record<string, string | undefined>): Promise<CheckpointError> {
  await saveCheckpoint(path, checkpoint);
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const kept = Object.entries({ ...metadata, ...changes }).filter((entry): entry is [string, string] => !!entry[1]);
  await writeFile(path, encodeSafetensors(tensors, Object.fromEntries(kept)));
  const error = await loadCheckpoint(path).catch((error: unknown) => error);
  expect(error).toBeInstanceOf(CheckpointError);
  expect((error as CheckpointError).message.startsWith(`${path}: `)).toBe(true);
  return error as CheckpointError;
}

describe('a checkpoint', () => {
  it('comes back as it was saved', async () => {
    await saveCheckpoint(path, checkpoint);
    expect(await loadCheckpoint(path)).toEqual(checkpoint);
    expect(await readdir(folder)).toEqual(['last.safetensors']);
  });

  it('needs neither training state nor resizing', async () => {
    const { training: _, ...rest } = checkpoint;
    const { resize: __, interpolation: ___, ...preprocessing } = rest.preprocessing;
    await saveCheckpoint(path, { ...rest, preprocessing });
    expect(await loadCheckpoint(path)).toStrictEqual({ ...rest, preprocessing });
  });

  it('gives equal bytes for equal content in any order', async () => {
    await saveCheckpoint(path, checkpoint);
    const first = await readFile(path);
    await saveCheckpoint(path, {
      ...checkpoint,
      network: { options: { shortcut: 'A', depth: 20 }, name: 'resnet20' },
      tensors: new Map([...checkpoint.tensors].reverse()),
    });
    expect(await readFile(path)).toEqual(first);
  });

  it('keeps any JSON among the options of its network', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(
          fc.string().filter((key) => key !== '__proto__'),
          fc.jsonValue(),
        ),
        async (values) => {
          const options = JSON.parse(JSON.stringify(values));
          await saveCheckpoint(path, { ...checkpoint, network: { name: 'custom', options } });
          expect((await loadCheckpoint(path)).network.options).toEqual(options);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('says so where there is no file, or no safetensors file', async () => {
    await expect(loadCheckpoint(path)).rejects.toThrow(`${path}: cannot read: there is no such file or folder`);
    await expect(loadCheckpoint(folder)).rejects.toThrow('cannot read: it is a folder, not a file');
    await writeFile(path, 'PK\u0003\u0004 archive');
    await expect(loadCheckpoint(path)).rejects.toThrow(
      `${path}: expected a checkpoint of Skein, but this is a file of PyTorch`,
    );
  });

  it('names some tensors of a file that holds nothing but tensors', async () => {
    const weight = tensor('float32', [1], new Float32Array([1]));
    await writeFile(path, encodeSafetensors(new Map(['d', 'c', 'b', 'a'].map((name) => [name, weight]))));
    await expect(loadCheckpoint(path)).rejects.toThrow(
      'got a safetensors file without its metadata, of 4 tensors: `a`, `b`, `c`, …',
    );
    await writeFile(path, encodeSafetensors(new Map()));
    await expect(loadCheckpoint(path)).rejects.toThrow(/of 0 tensors$/);
  });

  it('refuses a newer version and tells how to read it', async () => {
    const error = await failureWith({ version: '2' });
    expect(error.message).toContain('expected a checkpoint of version 1, got version 2');
    expect(error.hint).toBe('a newer Skein wrote it; update Skein to read it');
    expect((await failureWith({ version: '1.5' })).message).toContain('`version`: expected 1, got 1.5');
  });

  it.each<[string, Record<string, string | undefined>, string]>([
    ['without classes', { classes: undefined }, '`classes`: '],
    ['without a graph', { graph: undefined }, '`graph`: missing'],
    ['with a network that is not JSON', { network: '{' }, '`network`: not JSON'],
    ['with a class that is a number', { classes: '["cat",3]' }, '`classes.1`: '],
    ['with half an epoch', { training: '{"epoch":0.5,"step":1,"seed":1,"config":{}}' }, '`training.epoch`: '],
    [
      'with too few means',
      { preprocessing: '{"channels":3,"height":2,"width":2,"mean":[0],"std":[1,1,1]}' },
      '`preprocessing`: expected a mean and std per channel',
    ],
    [
      'with an interpolation that is none',
      { preprocessing: '{"channels":1,"height":1,"width":1,"mean":[0],"std":[1],"interpolation":"best"}' },
      '`preprocessing.interpolation`: ',
    ],
    [
      'with a shorter side that is too short',
      { preprocessing: '{"channels":1,"height":2,"width":2,"mean":[0],"std":[1],"resize":{"shorterSide":1}}' },
      '`preprocessing`: expected a shorter side that covers height and width',
    ],
    [
      'with a deviation of 0',
      { preprocessing: '{"channels":1,"height":2,"width":2,"mean":[0],"std":[0]}' },
      '`preprocessing.std.0`: ',
    ],
  ])('is refused %s', async (_, changes, message) => {
    const error = await failureWith(changes);
    expect(error.message).toContain(message);
    expect(error.hint).toContain('damaged');
  });

  it('is not saved where it could not be loaded, and the earlier one stays', async () => {
    await saveCheckpoint(path, checkpoint);
    const before = await readFile(path);
    const training = { epoch: 1, step: 1, seed: 1, config: {} };
    await expect(
      saveCheckpoint(path, { ...checkpoint, training: { ...training, best: { epoch: 1, top1: NaN } } }),
    ).rejects.toThrow('`training.best.top1`: ');
    await expect(
      saveCheckpoint(path, { ...checkpoint, training: { ...training, config: { big: 1n } } }),
    ).rejects.toThrow('`training`: cannot be written as JSON');
    expect(await readFile(path)).toEqual(before);
  });
});

/** A change of a few bytes, most often in the header; or the file cut off, or with bytes put in. */
const damage = fc.record({
  edits: fc.array(fc.tuple(fc.oneof(fc.nat(60), fc.nat(2000)), fc.nat(255)), { maxLength: 3 }),
  cut: fc.option(fc.nat(2000), { freq: 5 }),
  inserted: fc.option(fc.tuple(fc.nat(2000), fc.uint8Array({ minLength: 1, maxLength: 4 })), { freq: 5 }),
});

test('a damaged checkpoint is refused with its path, or is a checkpoint', { timeout: 60_000 }, async () => {
  await saveCheckpoint(path, checkpoint);
  const original = await readFile(path);
  await fc.assert(
    fc.asyncProperty(damage, async ({ edits, cut, inserted }) => {
      let bytes = Buffer.from(original.subarray(0, cut ?? original.length));
      for (const [at, byte] of edits) if (at < bytes.length) bytes[at] = byte;
      if (inserted) bytes = Buffer.concat([bytes.subarray(0, inserted[0]), inserted[1], bytes.subarray(inserted[0])]);
      await writeFile(path, bytes);
      await expectCheckpointOrRefusal();
    }),
    { numRuns: 500 },
  );
});

test('a checkpoint with hostile metadata is refused, or is a checkpoint', { timeout: 60_000 }, async () => {
  await saveCheckpoint(path, checkpoint);
  const { tensors, metadata } = decodeSafetensors(await readFile(path));
  const strange = fc.oneof(
    fc.json({ maxDepth: 3 }),
    fc.constantFrom('['.repeat(30_000) + ']'.repeat(30_000), '{"__proto__":{"kind":1}}', '1e999', '[1e308]', '""', ''),
    fc.string({ maxLength: 20 }),
  );
  const part = fc.constantFrom(...Object.keys(metadata), '__proto__', 'constructor');
  await fc.assert(
    fc.asyncProperty(part, strange, async (key, text) => {
      const changed = Object.fromEntries([...Object.entries(metadata), [key, text]]);
      await writeFile(path, encodeSafetensors(tensors, changed));
      await expectCheckpointOrRefusal();
      expect(({} as { kind?: unknown }).kind).toBeUndefined();
    }),
    { numRuns: 500 },
  );
});

async function expectCheckpointOrRefusal(): Promise<void> {
  try {
    const { classes, preprocessing, training } = await loadCheckpoint(path);
    for (const name of classes) expect(name).toBeTypeOf('string');
    expect(preprocessing.mean).toHaveLength(preprocessing.channels);
    if (training) expect(training.step).toSatisfy(Number.isSafeInteger);
  } catch (error) {
    if (!(error instanceof CheckpointError)) throw error;
    expect(error.message.startsWith(`${path}: `)).toBe(true);
  }
}
