import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Preprocessing, saveCheckpoint } from '../checkpoint/index.ts';
import { decodeImage, encodePng } from '../data/index.ts';
import { defineProgram, flatten, Graph, graphToJson } from '../ir/index.ts';
import { Random } from '../tensor/index.ts';
import { loadClassifier } from './classifier.ts';

/** A checkpoint whose network answers with the pixels themselves, as logits from 0 to 1. */
async function savePixels(path: string, scaling: Pick<Preprocessing, 'resize' | 'interpolation'>): Promise<void> {
  const graph = new Graph({ training: false });
  const logits = flatten(graph.input('image', { dtype: 'float32', shape: [1, 1, 4, 4] }));
  const program = defineProgram({ name: 'pixels', graph, outputs: new Map([['logits', logits]]), updates: new Map() });
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: 'pixels', options: {} },
    graph: graphToJson(program),
    classes: Array.from({ length: 16 }, (_, i) => `${i}`),
    preprocessing: { channels: 1, height: 4, width: 4, mean: [0], std: [1], ...scaling },
    tensors: new Map(),
  });
}

test('images go through the scaling that the checkpoint names, and through the usual one where it names none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'skein-classifier-'));
  const random = new Random('picture');
  const pixels = Uint8Array.from({ length: 31 * 20 }, () => random.integer(256));
  const png = await encodePng({ channels: 1, height: 20, width: 31, pixels });
  const seen: string[] = [];
  for (const scaling of [{}, { resize: { shorterSide: 6 } }, { interpolation: 'bilinear' }] as const) {
    const path = join(folder, 'pixels.safetensors');
    await savePixels(path, scaling);
    const classifier = await loadClassifier(path, { engine: 'evaluator', batchSize: 2 });
    const [predictions = []] = await classifier.predictAll([png], { top: 16 });
    await classifier.dispose();
    const { pixels } = await decodeImage(png, { channels: 1, height: 4, width: 4, ...scaling });
    const sum = pixels.reduce((total, level) => total + Math.exp(level / 255), 0);
    const expected = [...pixels].map((level) => Math.exp(level / 255) / sum);
    for (const { label, probability } of predictions) expect(probability).toBeClose(expected[Number(label)] as number);
    seen.push(String(pixels));
  }
  expect(new Set(seen).size).toBe(3);
  await rm(folder, { recursive: true });
});
