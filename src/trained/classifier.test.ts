import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from 'vitest';
import { type Preprocessing, saveCheckpoint } from '../checkpoint/index.ts';
import { type Dataset, decodeImage, encodePng, type Image } from '../data/index.ts';
import { type Engine, evaluator } from '../engines/index.ts';
import { flatten, graphToJson, initialState, log, relu } from '../ir/index.ts';
import { batchNorm, conv, defineNetwork, globalAveragePool, linear, type Network } from '../nn/index.ts';
import { predictionProgram } from '../step/index.ts';
import { CheckpointError, DataError, EngineError, Random, type Tensor, tensor } from '../tensor/index.ts';
import { type Classifier, loadClassifier } from './classifier.ts';

/** Answers with the pixels themselves, as logits from 0 to 1. */
const pixels = defineNetwork('pixels', (image) => flatten(image));
/** The same, but what is black has no answer. */
const logarithms = defineNetwork('logarithms', (image) => log(flatten(image)));
const small = defineNetwork('small', (image, { classes }) =>
  linear(globalAveragePool(relu(batchNorm(conv(image, 5, { kernel: 3 })))), classes),
);

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-classifier-'));
});
afterAll(() => rm(folder, { recursive: true }));

type ChangeOfWeights = (state: Map<string, Tensor>) => void;

interface Change {
  readonly scaling?: Pick<Preprocessing, 'resize' | 'interpolation'>;
  readonly weights?: ChangeOfWeights;
}

/** A checkpoint of a network for grey images of 4×4 and 16 classes. */
async function saved(network: Network, { scaling = {}, weights }: Change = {}): Promise<string> {
  const size = { channels: 1, height: 4, width: 4 };
  const program = predictionProgram({ network, image: size, classes: 16, batchSize: 1 });
  const tensors = new Map<string, Tensor>(initialState(program.graph, 1));
  weights?.(tensors);
  const path = join(folder, `${network.name}.safetensors`);
  await saveCheckpoint(path, {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: {} },
    graph: graphToJson(program),
    classes: Array.from({ length: 16 }, (_, i) => `${i}`),
    preprocessing: { ...size, mean: [0], std: [1], ...scaling },
    tensors,
  });
  return path;
}

/** Decoded where its pixels are asked for. */
class LazyImage implements Image {
  readonly channels = 1;
  readonly height = 4;
  readonly width = 4;
  readonly #pixels: Uint8Array;
  decoded = 0;

  constructor(random: Random) {
    this.#pixels = Uint8Array.from({ length: 16 }, () => 1 + random.integer(255));
  }

  get pixels(): Uint8Array {
    this.decoded++;
    return this.#pixels;
  }
}

const lazyImages = (length: number): LazyImage[] => {
  const random = new Random('lazy images');
  return Array.from({ length }, () => new LazyImage(random));
};

test('images go through the scaling that the checkpoint names, and through the usual one where it names none', async () => {
  const random = new Random('picture');
  const picture = Uint8Array.from({ length: 31 * 20 }, () => random.integer(256));
  const png = await encodePng({ channels: 1, height: 20, width: 31, pixels: picture });
  const seen: string[] = [];
  for (const scaling of [{}, { resize: { shorterSide: 6 } }, { interpolation: 'bilinear' }] as const) {
    const classifier = await loadClassifier(await saved(pixels, { scaling }), { engine: 'evaluator', batchSize: 2 });
    const [predictions = []] = await classifier.predictAll([png], { top: 16 });
    await classifier.dispose();
    const decoded = (await decodeImage(png, { channels: 1, height: 4, width: 4, ...scaling })).pixels;
    const sum = decoded.reduce((total, level) => total + Math.exp(level / 255), 0);
    const expected = [...decoded].map((level) => Math.exp(level / 255) / sum);
    for (const { label, probability } of predictions) expect(probability).toBeClose(expected[Number(label)] as number);
    seen.push(String(decoded));
  }
  expect(new Set(seen).size).toBe(3);
});

describe('work is done once:', () => {
  let images: LazyImage[];
  /** Batch sizes of the programs that were compiled, and of the runs. */
  let compiled: number[];
  let runs: number[];
  /** Images that were decoded when each run ended. */
  let decoded: number[];
  let disposed: number;
  let failures: number;
  let classifier: Classifier;

  /** The evaluator, watched. */
  const engine: Engine = {
    name: 'watched',
    compile: async (programs, options) => {
      if (failures-- > 0) throw new EngineError('watched: there is not enough memory');
      for (const { graph } of Object.values(programs))
        compiled.push(graph.inputs.get('image')?.type.shape[0] as number);
      const executable = await evaluator.compile(programs, options);
      return {
        ...executable,
        run: async (entry, inputs) => {
          runs.push(inputs.get('image')?.shape[0] as number);
          // time for whatever goes on meanwhile
          for (let turn = 0; turn < 10; turn++) await new Promise((done) => setImmediate(done));
          decoded.push(images.reduce((sum, image) => sum + image.decoded, 0));
          return executable.run(entry, inputs);
        },
        dispose: async () => {
          disposed++;
          await executable.dispose();
        },
      };
    },
  };

  beforeEach(async () => {
    images = lazyImages(100);
    [compiled, runs, decoded, disposed, failures] = [[], [], [], 0, 0];
    classifier = await loadClassifier(await saved(small), { engine });
  });

  it('one image is decoded once, and computed alone by one program, which is kept', async () => {
    const [first, second, third] = images as [LazyImage, LazyImage, LazyImage];
    const answer = await classifier.predict(first);
    expect(first.decoded).toBe(1);
    expect([compiled, runs]).toEqual([[1], [1]]);
    await Promise.all([classifier.predict(second), classifier.predictAll([third])]);
    expect([second.decoded, third.decoded]).toEqual([1, 1]);
    expect([compiled, runs]).toEqual([[1], [1, 1, 1]]);
    expect(await classifier.predict(first)).toEqual(answer);
  });

  it('a hundred images are decoded once each, those of the next batch during a run', async () => {
    expect(await classifier.predictAll(images)).toHaveLength(100);
    expect(images.every((image) => image.decoded === 1)).toBe(true);
    expect([compiled, runs]).toEqual([[32], [32, 32, 32, 32]]);
    expect(decoded).toEqual([64, 96, 100, 100]);
  });

  it('there are two programs at most, compiled when they are needed', async () => {
    expect(compiled).toEqual([]);
    const all = () => classifier.predictAll(images.slice(0, 40));
    const [answers] = await Promise.all([all(), all(), classifier.predict(images[39] as Image)]);
    expect(await all()).toEqual(answers);
    expect(await classifier.predict(images[39] as Image)).toEqual(answers[39]);
    expect(compiled).toEqual([32, 1]);
    await classifier.dispose();
    expect(disposed).toBe(2);
  });

  it('to evaluate, the first image is read once', async () => {
    const reads = [0, 0, 0, 0, 0];
    const dataset: Dataset = {
      name: 'five',
      classes: classifier.classes,
      length: 5,
      read: (index) => {
        reads[index] = (reads[index] as number) + 1;
        return { image: images[index] as Image, label: index };
      },
    };
    const score = await classifier.evaluate(dataset);
    expect(reads[0]).toBe(1);
    const likeliest = await classifier.predictAll(images.slice(0, 5), { top: 1 });
    const correct = likeliest.filter(([best], i) => best?.label === String(i)).length;
    expect(score).toMatchObject({ total: 5, correct, top1: correct / 5 });
    expect(compiled).toEqual([32]);
  });

  it('what failed to compile is tried again', async () => {
    failures = 1;
    const [image] = images as [LazyImage];
    await expect(classifier.predict(image)).rejects.toThrow('watched: there is not enough memory');
    expect(await classifier.predict(image)).toHaveLength(5);
  });

  it('after dispose nothing is compiled', async () => {
    await classifier.dispose();
    await expect(classifier.predict(images[0] as Image)).rejects.toThrow('but it was disposed');
    await expect(classifier.predict('none.png')).rejects.toThrow(EngineError);
    expect([compiled, disposed]).toEqual([[], 0]);
  });
});

describe('an answer', () => {
  it('does not depend on the other images of the batch', async () => {
    const images = lazyImages(7);
    const classifier = await loadClassifier(await saved(small), { engine: 'evaluator', batchSize: 4 });
    const all = await classifier.predictAll(images, { top: 16 });
    const reversed = await classifier.predictAll(images.toReversed(), { top: 16 });
    expect(reversed.toReversed()).toEqual(all);
    for (const [i, image] of images.entries()) expect(await classifier.predict(image, { top: 16 })).toEqual(all[i]);
    expect(new Set(all.map((ranked) => JSON.stringify(ranked))).size).toBe(7);
  });

  it('must be finite, and of what fills the last batch up none is asked', async () => {
    const classifier = await loadClassifier(await saved(logarithms), { engine: 'evaluator', batchSize: 2 });
    expect(await classifier.predictAll(lazyImages(3))).toHaveLength(3);
    const black = { channels: 1, height: 4, width: 4, pixels: new Uint8Array(16) };
    for (const images of [[black], [...lazyImages(2), black]])
      await expect(classifier.predictAll(images)).rejects.toThrow(
        'classifier: expected finite outputs, but those of logarithms are NaN or infinite',
      );
  });

  it('is refused where an image cannot be read, and given to the next one', async () => {
    const classifier = await loadClassifier(await saved(small), { engine: 'evaluator', batchSize: 2 });
    const [a, b, c] = lazyImages(3) as [LazyImage, LazyImage, LazyImage];
    const missing = join(folder, 'none.png');
    await expect(classifier.predictAll([a, b, c, missing])).rejects.toThrow(missing);
    await expect(classifier.predictAll([a, b, c, missing])).rejects.toThrow(DataError);
    expect(await classifier.predictAll([a, b, c])).toHaveLength(3);
  });
});

describe('answers for each', () => {
  it('image: predictions as ever, or why there are none; every image is decoded once, in full batches', async () => {
    const classifier = await loadClassifier(await saved(small), { engine: 'evaluator', batchSize: 3 });
    const images = lazyImages(5);
    const [a, b, c, d, e] = images as [LazyImage, LazyImage, LazyImage, LazyImage, LazyImage];
    const missing = join(folder, 'none.png');
    const notes = new TextEncoder().encode('not an image');
    const answers = await classifier.predictEach([missing, a, b, notes, c, d, missing, e], { top: 2 });
    expect(images.map(({ decoded }) => decoded)).toEqual([1, 1, 1, 1, 1]);
    const whole = await classifier.predictAll(images, { top: 2 });
    expect(answers.flatMap(({ predictions }) => (predictions ? [predictions] : []))).toEqual(whole);
    expect(answers.map(({ error }) => error?.message)).toEqual([
      `${missing}: no such file`,
      undefined,
      undefined,
      'image: expected a JPEG, PNG, WebP, AVIF, GIF or TIFF image, but this is text',
      undefined,
      undefined,
      `${missing}: no such file`,
      undefined,
    ]);
    expect(await classifier.predictEach([])).toEqual([]);
    expect(await classifier.predictEach([missing])).toEqual([{ error: expect.any(DataError) }]);
  });

  it('does not hide that the network is damaged', async () => {
    const classifier = await loadClassifier(await saved(logarithms), { engine: 'evaluator', batchSize: 2 });
    const black = { channels: 1, height: 4, width: 4, pixels: new Uint8Array(16) };
    await expect(classifier.predictEach([black])).rejects.toThrow(CheckpointError);
  });
});

describe('a file that lacks something is told when it is loaded:', () => {
  const ending = 'the file is damaged, or another program changed it';
  const failure = async (weights: ChangeOfWeights) => {
    const path = await saved(small, { weights });
    const error = await loadClassifier(path).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(CheckpointError);
    const { message, hint } = error as CheckpointError;
    return `${message.replace(path, 'FILE')} (${hint})`;
  };

  it('a tensor', async () => {
    expect(await failure((state) => state.delete('linear1.bias'))).toBe(
      `FILE: its network needs \`linear1.bias\`, which is not in the file (${ending})`,
    );
  });

  it('a part of a tensor', async () => {
    const short = tensor('float32', [15], new Float32Array(15));
    expect(await failure((state) => state.set('linear1.bias', short))).toBe(
      `FILE: its network needs \`linear1.bias\` as float32 [16], but in the file it is float32 [15] (${ending})`,
    );
  });
});
