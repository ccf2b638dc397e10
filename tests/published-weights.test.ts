/** Published weights by name, from a server that plays Hugging Face, and from a folder where there is none. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findModel, memorySink, train } from 'skein';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadCheckpoint } from '../src/checkpoint/index.ts';
import { models } from '../src/models/index.ts';
import { importWeights, namedWeights } from '../src/trained/index.ts';
import { putImageFiles } from './image-files.ts';
import { skein } from './run-skein.ts';
import { timmConfig, timmRepository, timmTensors } from './timm-repository.ts';
import { commit, type Repository, WeightsServer } from './weights-server.ts';

const server = new WeightsServer();
let folder: string;
let repository: Repository;
let weights: Uint8Array;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-published-'));
  await server.start();
  repository = timmRepository('resnet18', 'tv_in1k');
  weights = repository.files.get('model.safetensors') as Uint8Array;
  await putImageFiles(join(folder, 'photos'), ['cat', 'dog'], 12);
});
afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true });
});
beforeEach(async () => {
  vi.stubEnv('SKEIN_CACHE', await mkdtemp(join(folder, 'cache-')));
  vi.stubEnv('HF_ENDPOINT', server.url);
  vi.stubEnv('SKEIN_WEIGHTS', '');
  server.requests.length = 0;
  server.repositories.clear();
  server.repositories.set('timm/resnet18.tv_in1k', repository);
});
afterEach(() => vi.unstubAllEnvs());

const words = (name: string, ...more: string[]) => [
  ...['train', 'resnet18', '--data', join(folder, 'photos'), '--epochs', '1', '--image-size', '32'],
  ...['-b', '8', '--threads', '1', '--engine', 'onnxruntime', '--lr', '1e-9', '--out', join(folder, name), ...more],
];

const stemOf = async (path: string) => (await loadCheckpoint(path)).tensors.get('stem.conv1.weight')?.data;

it('trains from them with one word: downloaded once, and the recipe says which they were', {
  timeout: 180_000,
}, async () => {
  const { code, stdout, stderr } = await skein(...words('run', '--weights', 'imagenet'));
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const source = `hf:timm/resnet18.tv_in1k@${commit}/model.safetensors`;
  expect(stdout).toContain(`downloaded  ${source} (46.8 MB)`);
  expect(stdout).toContain('licence  bsd-3-clause');
  expect(stdout).toContain('trained  on ImageNet by torchvision, its first recipe');
  expect(stdout).toContain('of other classes: all are kept but classifier, which starts anew');
  const config = await readFile(join(folder, 'run', 'config.yaml'), 'utf8');
  expect(config.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`weights: (>- )?"?${source}#sha256=[0-9a-f]{64}`));

  const last = join(folder, 'run', 'last.safetensors');
  const [trained, served] = [await stemOf(last), timmTensors('resnet18').get('conv1.weight')?.data];
  expect(Math.max(...[...(trained ?? [1])].map((v, i) => Math.abs(Number(v) - Number(served?.[i]))))).toBeLessThan(
    1e-6,
  );
  // of 32 pixels the same share as 224 of 256
  expect((await loadCheckpoint(last)).preprocessing).toMatchObject({
    ...{ height: 32, mean: [0.485, 0.456, 0.406], resize: { shorterSide: 37 }, interpolation: 'bilinear' },
  });
  const predicted = await skein(
    'predict',
    join(folder, 'run'),
    join(folder, 'photos', 'cat', '0.jpg'),
    '--engine',
    'onnxruntime',
  );
  expect(predicted.code).toBe(0);
  const photos = ['--data', join(folder, 'photos'), '--engine', 'onnxruntime', '-j', '0', '--json'];
  const embedded = await skein('embed', join(folder, 'run'), '--out', join(folder, 'features.npy'), ...photos);
  expect(JSON.parse(embedded.stdout)).toMatchObject({ features: 512, nearest: { k: 5 } });

  // repeated from its recipe alone, and no server is asked
  server.requests.length = 0;
  const again = await skein('train', '--config', join(folder, 'run', 'config.yaml'), '--out', join(folder, 'again'));
  expect(again.code).toBe(0);
  expect(server.requests).toEqual([]);
  expect((await readFile(join(folder, 'again', 'last.safetensors'))).equals(await readFile(last))).toBe(true);
});

it('trains from them in code, without a folder', async () => {
  const sink = memorySink();
  await train({
    ...{
      model: 'resnet18',
      data: join(folder, 'photos'),
      imageSize: 32,
      epochs: 1,
      batchSize: 8,
      threads: 1,
      engine: 'onnxruntime',
    },
    ...{ weights: 'imagenet', out: sink },
  });
  const files = server.requests.filter((request) => /main|resolve/.test(request));
  expect(files.filter((request) => request.endsWith('config.json'))).toHaveLength(1);
});

it('are a checkpoint after an import, prepared as their config.json says', async () => {
  server.repositories.set('timm/resnet18.a1_in1k', {
    ...repository,
    files: new Map([
      ['model.safetensors', weights],
      [
        'config.json',
        new TextEncoder().encode(
          JSON.stringify(timmConfig('resnet18', 'a1_in1k', { crop_pct: 0.95, interpolation: 'bicubic' })),
        ),
      ],
    ]),
  });
  const out = join(folder, 'imported.safetensors');
  const { code, stderr } = await skein('import', 'imagenet:a1', '--model', 'resnet18', '--out', out);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  const { preprocessing, classes } = await loadCheckpoint(out);
  expect(preprocessing).toMatchObject({ height: 224, resize: { shorterSide: 235 }, interpolation: 'bicubic' });
  expect(classes).toHaveLength(1000);
});

describe('a download', () => {
  it('that was cut off goes on', async () => {
    const etag = '"1"';
    server.repositories.set('timm/resnet18.tv_in1k', {
      ...repository,
      sent: { content: weights, etag, cutAfter: 1e6 },
    });
    await expect(namedWeights('imagenet', findModel('resnet18'))).rejects.toMatchObject({
      message: expect.stringContaining('the connection broke'),
      hint: expect.stringContaining('it goes on where it stopped'),
    });
    server.repositories.set('timm/resnet18.tv_in1k', { ...repository, sent: { content: weights, etag } });
    const { fetched } = await namedWeights('imagenet', findModel('resnet18'));
    expect(server.requests.at(-1)).toMatch(/model\.safetensors bytes=[1-9]\d*-$/);
    expect((await readFile(fetched?.path as string)).equals(weights)).toBe(true);
  });

  it('of other bytes than the repository says is refused', async () => {
    const content = weights.slice();
    content[5_000_000] = ~(content[5_000_000] as number);
    server.repositories.set('timm/resnet18.tv_in1k', { ...repository, sent: { content } });
    await expect(namedWeights('imagenet', findModel('resnet18'))).rejects.toThrow(
      /expected a file with SHA-256 [0-9a-f]{64}, but its bytes have/,
    );
  });

  it('whose config.json was changed since is made again', async () => {
    const first = await namedWeights('imagenet', findModel('resnet18'));
    await writeFile(first.fetched?.config as string, '{}');
    const notices: string[] = [];
    const again = await namedWeights('imagenet', findModel('resnet18'), { onNotice: (text) => notices.push(text) });
    expect(notices).toEqual([expect.stringContaining('config.json was changed')]);
    expect(again.fetched?.fromCache).toBe(false);
    expect(JSON.parse(await readFile(again.fetched?.config as string, 'utf8'))).toHaveProperty('pretrained_cfg');
  });
});

describe('without a server', () => {
  const unreachable = () => vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9');

  it('it says which files to put where, and goes no further unless told to', async () => {
    unreachable();
    const { code, stderr } = await skein(...words('nothing', '--weights', 'imagenet'));
    expect(code).toBe(1);
    expect(stderr).toContain('hf:timm/resnet18.tv_in1k: cannot be reached');
    const hint = stderr.replaceAll(/\s+/g, ' ');
    expect(hint).toContain('download model.safetensors and config.json of http://127.0.0.1:9/timm/resnet18.tv_in1k');
    expect(hint).toContain('put them into DIR/resnet18.tv_in1k and set SKEIN_WEIGHTS=DIR');
    expect(hint).toContain('--weights none');
    const random = await skein(...words('random', '--weights', 'none'));
    expect(random.code).toBe(0);
    expect(await readFile(join(folder, 'random', 'config.yaml'), 'utf8')).not.toContain('weights:');
  });

  it('they come from a folder, as a repository or as one file', async () => {
    unreachable();
    const own = await mkdtemp(join(folder, 'own-'));
    vi.stubEnv('SKEIN_WEIGHTS', own);
    await writeFile(join(own, 'resnet18.tv_in1k.safetensors'), weights);
    const alone = await namedWeights('imagenet', findModel('resnet18'));
    expect(alone.path).toBe(join(own, 'resnet18.tv_in1k.safetensors'));
    // nothing beside it says how images were prepared, so the table does
    const { path, preprocessing } = alone;
    expect((await importWeights(path, { preprocessing })).checkpoint.preprocessing).toMatchObject({
      ...{ interpolation: 'bilinear', resize: { shorterSide: 256 }, mean: [0.485, 0.456, 0.406] },
    });

    const config = timmConfig('resnet18', 'tv_in1k', { mean: [0.5, 0.5, 0.5], interpolation: 'bicubic' });
    await mkdir(join(own, 'resnet18.tv_in1k'));
    await writeFile(join(own, 'resnet18.tv_in1k', 'model.safetensors'), weights);
    await writeFile(join(own, 'resnet18.tv_in1k', 'config.json'), JSON.stringify(config));
    const { code, stdout } = await skein(...words('from folder', '--weights', 'imagenet'));
    expect(code).toBe(0);
    expect(stdout).toContain(`found  ${join(own, 'resnet18.tv_in1k', 'model.safetensors')}`);
    const checkpoint = await loadCheckpoint(join(folder, 'from folder', 'last.safetensors'));
    expect(checkpoint.preprocessing).toMatchObject({ mean: [0.5, 0.5, 0.5], interpolation: 'bicubic' });
  });

  it('a folder that is not there is no reason to ask a server', async () => {
    vi.stubEnv('SKEIN_WEIGHTS', join(folder, 'nowhere'));
    await expect(namedWeights('imagenet', findModel('resnet18'))).rejects.toThrow(/cannot be read|no such file/);
    expect(server.requests).toEqual([]);
  });
});

describe('imagenet', () => {
  it.each([
    ['resnet20', 'it is for images of 32×32 pixels, and ImageNet’s are larger'],
    ['densenet264', 'nobody is known to have published any'],
    ['resnetv2_152', 'nobody is known to have published any'],
    ['plain18', 'nobody is known to have published any'],
  ])('has nothing for %s, and says for what it has', async (model, reason) => {
    await expect(train({ model, data: join(folder, 'photos'), weights: 'imagenet' })).rejects.toMatchObject({
      code: 'CONFIG',
      message: `${model}: there are no published ImageNet weights for it: ${reason}`,
      hint: expect.stringContaining('take one of resnet18, resnet34'),
    });
  });

  it('of another training than there is names those that there are', async () => {
    await expect(namedWeights('imagenet:a2_in1k', findModel('resnet18'))).rejects.toMatchObject({
      message: 'resnet18: expected one of its published weights, tv_in1k, a1_in1k, but got a2_in1k',
      hint: 'did you mean imagenet:a1_in1k?',
    });
  });

  it('is not for a network that an option makes another, whatever the shapes', async () => {
    const other = models.get('resnet50')?.vary({ strideIn: '1x1' });
    await expect(namedWeights('imagenet', other)).rejects.toThrow(/its options make it another network/);
    expect(server.requests).toEqual([]);
  });
});
