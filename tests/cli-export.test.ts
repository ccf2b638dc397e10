/** `skein export --onnx`: what the file says, and that any ONNX Runtime computes with it what the network computes. */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import {
  averagePool,
  batchNorm,
  conv,
  type Dataset,
  defineNetwork,
  densenet,
  flatten,
  globalAveragePool,
  type Image,
  linear,
  loadClassifier,
  loadData,
  memoryDataset,
  type Network,
  type Prediction,
  pad,
  Random,
  relu,
  resnet,
  type Splits,
  subset,
  train,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint } from '../src/checkpoint/index.ts';
import { evaluate } from '../src/engines/index.ts';
import { softmax } from '../src/metrics/index.ts';
import { onnxMetadata } from '../src/onnx/index.ts';
import { ModelProtoSchema } from '../src/onnx/onnx_pb.ts';
import { type Tensor, tensor } from '../src/tensor/index.ts';
import { programOf } from '../src/trained/checkpoint-program.ts';
import { skein } from './run-skein.ts';
import type { Numeric } from './to-be-close.ts';

/** Logits and probabilities of float32 against float64, or against another order of additions. */
const close = { relative: 1e-4, absolute: 1e-4 };

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Noise in colour. */
function colours(name: string, length: number): Dataset {
  const random = new Random(name);
  const [channels, height, width] = [3, 12, 16];
  const pixels = Uint8Array.from({ length: length * channels * height * width }, () => random.integer(256));
  const labels = Int32Array.from({ length }, (_, i) => i % 4);
  return memoryDataset({ name, classes: ['north', 'east', 'south', 'west'], channels, height, width, pixels, labels });
}
const coloured: Splits = {
  train: colours('train', 48),
  validation: colours('validation', 16),
  test: colours('test', 16),
  normalisation: { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] },
};

const own = defineNetwork('own/net: 1', (image, { classes }) =>
  linear(flatten(averagePool(relu(batchNorm(conv(image, 6, { kernel: 5 }))), { kernel: 4 })), classes),
);

async function trained(name: string, model: Network, data: Splits): Promise<string> {
  const out = join(folder, name);
  return (await train({ model, data, epochs: 1, batchSize: 16, lr: 0.1, threads: 1, out })).folder;
}

async function firstOfFashion(): Promise<Splits> {
  const { train: images, test, normalisation } = await loadData('fashion-mnist-sample');
  const some = (dataset: Dataset, length: number) =>
    subset(
      dataset,
      Array.from({ length }, (_, i) => i),
    );
  const [validation, held] = [some(images, 32), test && some(test, 32)];
  return { train: some(images, 96), validation, ...(held && { test: held }), normalisation };
}

describe.each([
  ['a residual network on grey clothes', resnet({ depth: 8 }), firstOfFashion, 'resnet8.onnx'],
  ['a residual network with projections', resnet({ depth: 8, shortcut: 'B' }), () => coloured, 'resnet8-b.onnx'],
  ['a DenseNet-BC', densenet({ depth: 16, growth: 4, bottleneck: true }), () => coloured, 'densenet-bc16-k4.onnx'],
  ['a network of one’s own', own, () => coloured, 'own-net-1.onnx'],
] as const)('%s', (name, network, splits, fileName) => {
  let run: string;
  let data: Splits;
  let checkpoint: Checkpoint;
  let bytes: Uint8Array;
  let images: Image[];
  let predictions: Prediction[][];
  beforeAll(async () => {
    data = await splits();
    run = await trained(name, network, data);
    checkpoint = await loadCheckpoint(join(run, 'best.safetensors'));
    images = await firstImages(data.test as Dataset, 8);
    const classifier = await loadClassifier(join(run, 'best.safetensors'), { threads: 1, batchSize: 3 });
    predictions = await classifier.predictAll(images, { top: classifier.classes.length });
    await classifier.dispose();
    const { code, stdout } = await skein('export', run, '--onnx', '--json');
    expect(code).toBe(0);
    const written = JSON.parse(stdout) as { file: string; bytes: number };
    bytes = await readFile(written.file);
    const { channels, height, width } = checkpoint.preprocessing;
    expect(written).toEqual({
      file: join(run, fileName),
      bytes: bytes.length,
      network: network.name,
      inputs: [{ name: 'image', dtype: 'float32', shape: ['batch', channels, height, width] }],
      outputs: [{ name: 'logits', dtype: 'float32', shape: ['batch', checkpoint.classes.length] }],
      opset: 20,
      beside: [],
    });
  });

  it('says of itself what the checkpoint says', () => {
    const { network, classes, preprocessing, ...rest } = onnxMetadata(bytes);
    expect(network).toBe(checkpoint.network.name);
    expect(JSON.parse(classes ?? '')).toEqual(checkpoint.classes);
    expect(JSON.parse(preprocessing ?? '')).toEqual(checkpoint.preprocessing);
    expect(Object.keys(rest)).toEqual(['skein']);
  });

  it('consists of standard operators', () => {
    const { opsetImport, graph } = fromBinary(ModelProtoSchema, bytes);
    expect(opsetImport.map(({ domain, version }) => [domain, version])).toEqual([['', 20n]]);
    expect(new Set(graph?.node.map(({ domain }) => domain))).toEqual(new Set(['']));
  });

  it.each([1, 3, 8])('computes in plain ONNX Runtime what the network computes, for %i images', async (count) => {
    const { channels, height, width } = checkpoint.preprocessing;
    const shape = [count, channels, height, width];
    const input = normalised(images.slice(0, count), checkpoint.preprocessing);
    const session = await ort.InferenceSession.create(bytes, { intraOpNumThreads: 1 });
    const { logits } = await session.run({ image: new ort.Tensor('float32', input, shape) });

    const wide = ({ shape, data }: Tensor) => ({ shape, data: Float64Array.from(data as Float32Array) });
    const state = new Map([...checkpoint.tensors].map(([key, content]) => [key, wide(content)]));
    const image = wide(tensor('float32', shape, input));
    const { outputs } = evaluate(programOf(run, checkpoint, count), new Map([['image', image]]), state);
    expect({ shape: logits?.dims, data: logits?.data }).toBeClose(outputs.get('logits') as Numeric, close);

    const { classes } = checkpoint;
    for (let i = 0; i < count; i++) {
      const row = logits?.data.slice(i * classes.length, (i + 1) * classes.length) as Float32Array;
      const probabilities = softmax(row);
      const predicted = predictions[i] ?? [];
      const found = predicted.map(({ label }) => probabilities[classes.indexOf(label)] as number);
      const expected = predicted.map(({ probability }) => probability);
      expect(found).toBeClose(expected, close);
    }
  });
});

describe('where the file goes', () => {
  let run: string;
  beforeAll(async () => {
    run = await trained('where', own, coloured);
  });

  it('is beside the checkpoint, or where --onnx says, also in a folder that is not there yet', async () => {
    const best = join(run, 'best.safetensors');
    const named = join(folder, 'new', 'folder', 'net.onnx');
    const written = async (...words: string[]) => {
      const { code, stdout } = await skein('export', ...words, '--json');
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { file: string }).file;
    };
    expect(await written(best, '--onnx')).toBe(join(run, 'own-net-1.onnx'));
    expect(await written(best, '--onnx', named)).toBe(named);
    expect(await written(run, '--onnx', folder)).toBe(join(folder, 'own-net-1.onnx'));
    expect(await readFile(named)).toEqual(await readFile(join(run, 'own-net-1.onnx')));
  });

  it('is printed with what goes in and comes out', async () => {
    const { code, stdout } = await skein('export', run, '--onnx');
    expect(code).toBe(0);
    expect(stdout).toMatch(/own-net-1\.onnx {2}\d+ kB, ONNX opset 20\n/);
    expect(stdout).toMatch(/^ {2}input {3}image {3}float32 \[batch, 3, 12, 16\]$/m);
    expect(stdout).toMatch(/^ {2}output {2}logits {2}float32 \[batch, 4\]$/m);
  });

  it('must be one that can be written', async () => {
    const file = join(run, 'config.yaml', 'net.onnx');
    const { code, stderr } = await skein('export', run, '--onnx', file);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^error: export: the folder .*config\.yaml cannot be made: it is a file, not a folder\n {2}name another file\n$/,
    );
  });
});

describe('mistakes', () => {
  it('is a usage mistake to name no kind of file, or two', async () => {
    for (const [flags, given] of [
      [[], 'none'],
      [['--onnx', '--step'], 'more than one'],
    ] as const) {
      const { code, stderr } = await skein('export', 'none.safetensors', ...flags);
      expect([code, stderr]).toEqual([
        2,
        expect.stringContaining(`expected one of --onnx, --step, --torch, but got ${given};`),
      ]);
    }
  });

  it('names a checkpoint that is missing', async () => {
    const { code, stderr } = await skein('export', 'none.safetensors', '--onnx');
    expect([code, stderr]).toEqual([1, expect.stringContaining('none.safetensors')]);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it('refuses a network that only runs at one batch size, and leaves no file', async () => {
    // zeros between channels are set by reshapes that name the batch
    const fixed = defineNetwork('fixed', (image, { classes }) =>
      linear(
        globalAveragePool(pad(image, { before: [0, 0, 0, 0], after: [0, 0, 0, 0], between: [0, 1, 0, 0] })),
        classes,
      ),
    );
    const run = await trained('fixed', fixed, coloured);
    const { code, stderr } = await skein('export', run, '--onnx');
    expect(code).toBe(1);
    expect(stderr).toContain('the network fixed has its batch size in a shape, so no file fits every batch');
    expect(await readdir(run)).not.toContain('fixed.onnx');
  });
});

async function firstImages(dataset: Dataset, count: number): Promise<Image[]> {
  return Promise.all(Array.from({ length: count }, async (_, i) => (await dataset.read(i)).image));
}

/** [count, channels, height, width], as the metadata's preprocessing says. */
function normalised(images: readonly Image[], { channels, mean, std }: Checkpoint['preprocessing']): Float32Array {
  return Float32Array.from(
    images.flatMap(({ pixels }) =>
      Array.from(pixels, (level, i) => {
        const channel = Math.floor((i * channels) / pixels.length);
        return (level / 255 - (mean[channel] as number)) / (std[channel] as number);
      }),
    ),
  );
}
