/** Weights of torchvision: Skein computes, differentiates and trains with them as PyTorch does, and PyTorch takes them back. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { importWeights } from 'skein';
import { describe, expect, it } from 'vitest';
import { networkWeights } from '../src/trained/index.ts';
import { distance } from './distance.ts';
import { findTorchvision } from './find-torchvision.ts';
import { type Compared, comparedWithTorch } from './torch-reference.ts';

const script = fileURLToPath(new URL('torchvision_peer.py', import.meta.url));
const run = promisify(execFile);

const python = await findTorchvision();
if (python === undefined)
  console.warn('torchvision.test.ts is skipped: apt-get install python3-torch python3-torchvision');

/** Enough numbers for each statistic that rounding in float32 stays small beside the gradients. */
const peers = [
  { name: 'resnet18', classes: 1000, batch: 4, size: 64, file: 'legacy.pth' },
  { name: 'resnet50', classes: 10, batch: 4, size: 96, file: 'weights.pth' },
  { name: 'resnext50_32x4d', classes: 10, batch: 4, size: 96, file: 'weights.pth' },
  { name: 'wide_resnet50_2', classes: 10, batch: 4, size: 64, file: 'weights.pth' },
  { name: 'densenet121', classes: 10, batch: 3, size: 128, file: 'weights.pth' },
  { name: 'densenet161', classes: 10, batch: 2, size: 128, file: 'weights.pth' },
];

describe.skipIf(python === undefined)('beside torchvision', () => {
  it.each(peers)('$name has its logits, gradients, and weights after a step', { timeout: 600_000 }, async (peer) => {
    const { name, classes, batch, size, file } = peer;
    const folder = await mkdtemp(join(tmpdir(), 'skein-torchvision-'));
    try {
      await run(python as string, [script, 'make', folder, name, ...[classes, batch, size].map(String)]);
      const imported = await importWeights(join(folder, file), { imageSize: size });
      expect(imported).toMatchObject({ naming: 'torchvision', checkpoint: { network: { name } }, leftOver: [] });
      const found = await comparedWithTorch(imported.checkpoint, join(folder, 'reference.pth'));
      const far = (of: Compared['gradients'], allowed: number) => of.filter(([, away]) => !(away < allowed));
      expect(found.logits).toBeLessThan(1e-4);
      expect(found.trainingLogits).toBeLessThan(1e-4);
      expect(found.gradients.length).toBe(found.ours.gradients.size);
      expect(found.after.length).toBe(found.ours.after.size);
      expect(far(found.gradients, 1e-3)).toEqual([]);
      expect(far(found.after, 1e-5)).toEqual([]);

      const exported = join(folder, 'exported.safetensors');
      const { bytes, naming } = networkWeights('imported', imported.checkpoint);
      await writeFile(exported, bytes);
      expect(naming).toBe('torchvision');
      const words = ['load', exported, name, String(classes), join(folder, 'reference.pth')];
      const { stdout } = await run(python as string, [script, ...words]);
      const loaded = { data: Float64Array.from(JSON.parse(stdout) as number[]) };
      expect(distance(found.ours.logits, loaded)).toBeLessThan(1e-4);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
