/** Weights of torchvision: Skein computes, differentiates and trains with them as PyTorch does, and PyTorch takes them back. */
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { importWeights } from 'skein';
import { describe, expect, it } from 'vitest';
import { readTorchFile } from '../src/checkpoint/index.ts';
import { recogniseNames } from '../src/models/index.ts';
import type { Tensor } from '../src/tensor/index.ts';
import { networkWeights } from '../src/train/index.ts';
import { ranOnce } from './ran-once.ts';

const script = fileURLToPath(new URL('torchvision_peer.py', import.meta.url));
const run = promisify(execFile);

/** The system's python3 that has torch and torchvision. */
async function findPython(): Promise<string | undefined> {
  for (const python of ['/usr/bin/python3', 'python3'])
    if (
      await run(python, ['-c', 'import torch, torchvision']).then(
        () => true,
        () => false,
      )
    )
      return python;
  return undefined;
}
const python = await findPython();
if (python === undefined)
  console.warn('torchvision.test.ts is skipped: apt-get install python3-torch python3-torchvision');

/** Enough numbers for each statistic that rounding in float32 stays small beside the gradients. */
const peers = [
  { name: 'resnet18', classes: 1000, batch: 4, size: 64, file: 'legacy.pth' },
  { name: 'resnet50', classes: 10, batch: 4, size: 96, file: 'weights.pth' },
  { name: 'resnext50_32x4d', classes: 10, batch: 4, size: 96, file: 'weights.pth' },
  { name: 'wide_resnet50_2', classes: 10, batch: 4, size: 96, file: 'weights.pth' },
  { name: 'densenet121', classes: 10, batch: 3, size: 128, file: 'weights.pth' },
  { name: 'densenet161', classes: 10, batch: 2, size: 128, file: 'weights.pth' },
];

/** How far two tensors are apart, as a share of the second one's length. */
function distance(actual: Tensor | undefined, expected: Tensor): number {
  const [a, b] = [actual?.data ?? [], expected.data];
  expect(a.length).toBe(b.length);
  let [difference, length] = [0, 0];
  for (let i = 0; i < b.length; i++) {
    difference += (Number(a[i]) - Number(b[i])) ** 2;
    length += Number(b[i]) ** 2;
  }
  return Math.sqrt(difference / length);
}

describe.skipIf(python === undefined)('beside torchvision', () => {
  it.each(peers)('$name has its logits, gradients, and weights after a step', { timeout: 300_000 }, async (peer) => {
    const { name, classes, batch, size, file } = peer;
    const folder = await mkdtemp(join(tmpdir(), 'skein-torchvision-'));
    try {
      await run(python as string, [script, 'make', folder, name, ...[classes, batch, size].map(String)]);
      const imported = await importWeights(join(folder, file), { imageSize: size });
      expect(imported).toMatchObject({ naming: 'torchvision', checkpoint: { network: { name } }, leftOver: [] });
      const { tensors: reference } = readTorchFile(await readFile(join(folder, 'reference.pth')));
      const of = (key: string) => reference.get(key) as Tensor;
      const ours = await ranOnce(imported.checkpoint, { image: of('image'), labels: of('labels'), lr: of('lr') });

      expect(distance(ours.logits, of('logits'))).toBeLessThan(1e-4);
      expect(distance(ours.trainingLogits, of('training.logits'))).toBeLessThan(1e-4);
      // ours by its own name, theirs by theirs
      const foreign = (prefix: string) => {
        const names = [...reference.keys()]
          .filter((key) => key.startsWith(prefix))
          .map((key) => key.slice(prefix.length));
        return [...(recogniseNames(names)?.layers ?? [])];
      };
      const far = (values: ReadonlyMap<string, Tensor>, prefix: string, allowed: number) =>
        foreign(prefix)
          .map(([own, theirs]) => [theirs, distance(values.get(own), of(`${prefix}${theirs}`))] as const)
          .filter(([, d]) => !(d < allowed));
      expect(foreign('gradient.').length).toBe(ours.gradients.size);
      expect(foreign('after.').length).toBe(ours.after.size);
      expect(far(ours.gradients, 'gradient.', 1e-3)).toEqual([]);
      expect(far(ours.after, 'after.', 1e-5)).toEqual([]);

      const exported = join(folder, 'exported.safetensors');
      const { bytes, naming } = networkWeights('imported', imported.checkpoint);
      await writeFile(exported, bytes);
      expect(naming).toBe('torchvision');
      const loaded = await run(python as string, [
        script,
        'load',
        exported,
        name,
        String(classes),
        join(folder, 'reference.pth'),
      ]);
      expect(
        distance(ours.logits, {
          dtype: 'float64',
          shape: [],
          data: Float64Array.from(JSON.parse(loaded.stdout) as number[]),
        }),
      ).toBeLessThan(1e-4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
