/** Maps of a trained ResNet-20 beside those that PyTorch gives, which tests/explain_golden.py wrote. */
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { saveCheckpoint } from '../src/checkpoint/index.ts';
import { explain } from '../src/explain/index.ts';
import { importWeights } from '../src/trained/index.ts';

interface Golden {
  readonly steps: number;
  readonly images: readonly {
    readonly image: string;
    readonly label: number;
    readonly maps: Readonly<Record<string, Readonly<Record<string, string>>>>;
    readonly difference: number;
  }[];
}

/** Real weights, which do not ship: SKEIN_SHARED_DATA, or ../shared/data. */
const shared = process.env.SKEIN_SHARED_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const trained = join(shared, 'weights/cifar10_resnet20.safetensors');
const isThere = Boolean(await stat(trained).catch(() => undefined));
if (!isThere) console.warn(`explain-golden.test.ts: skipped: no ${trained} (SKEIN_SHARED_DATA)`);

const golden = JSON.parse(await readFile(new URL('explain-golden.json', import.meta.url), 'utf8')) as Golden;
const bytesOf = (text: string) => new Uint8Array(Buffer.from(text, 'base64'));
const floatsOf = (text: string) => new Float32Array(bytesOf(text).buffer);

describe.skipIf(!isThere)('maps of a ResNet-20 that was trained elsewhere', () => {
  let folder: string;
  let path: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'skein-explain-'));
    path = join(folder, 'resnet20.safetensors');
    await saveCheckpoint(path, (await importWeights(trained)).checkpoint);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are those of PyTorch, at the last map, at one before it and at the image', { timeout: 180_000 }, async () => {
    for (const { image, label, maps, difference } of golden.images)
      for (const [place, expected] of Object.entries(maps)) {
        const explained = await explain(path, {
          images: [{ channels: 3, height: 32, width: 32, pixels: bytesOf(image) }],
          methods: Object.keys(expected).map((name) =>
            name === 'integratedGradients' ? `${name}:steps=${golden.steps},tolerance=1` : name,
          ),
          ...(place !== 'image' && { layer: place }),
          ...{ label: `class ${label}`, checks: false, engine: 'onnxruntime', threads: 1 },
        });
        for (const { method, map, completeness } of explained.images[0]?.maps ?? []) {
          const values = floatsOf(expected[method] as string);
          const largest = values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
          expect(map.data).toBeClose(values, { relative: 0, absolute: 1e-4 * largest });
          if (completeness) expect(completeness.difference).toBeClose(difference, { relative: 1e-4 });
        }
      }
  });

  it('are lost with the weights: of a network that begins anew they are others', { timeout: 180_000 }, async () => {
    const { image } = golden.images[0] as Golden['images'][number];
    const explained = await explain(path, {
      images: [{ channels: 3, height: 32, width: 32, pixels: bytesOf(image) }],
      methods: ['gradCam', 'integratedGradients:steps=8,tolerance=1'],
      ...{ engine: 'onnxruntime', threads: 1 },
    });
    for (const { checks } of explained.images[0]?.maps ?? []) {
      expect(checks?.randomised.map((stage) => stage.path)).toEqual([
        'classifier',
        'stage3',
        'stage2',
        'stage1',
        'stem',
      ]);
      expect(Math.abs(checks?.randomised.at(-1)?.correlation ?? 0)).toBeLessThan(0.3);
    }
  });
});
