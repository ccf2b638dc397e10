/** `skein import` and the way back: whole or not at all, and the same network on the other side. */

import { copyFile, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import {
  conv,
  defineNetwork,
  densenet,
  findModel,
  globalAveragePool,
  importWeights,
  linear,
  loadData,
  type Network,
  plain,
  resnet,
  scope,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../src/checkpoint/index.ts';
import { onnxruntime } from '../src/engines/index.ts';
import { graphToJson, initialState } from '../src/ir/index.ts';
import { imageNetResnet, preactResnet } from '../src/models/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { decodeSafetensors, encodeSafetensors, type Tensor, tensor } from '../src/tensor/index.ts';
import { frozenProgramOf } from '../src/trained/checkpoint-program.ts';
import { evaluateSplit, networkWeights } from '../src/trained/index.ts';
import { skein } from './run-skein.ts';
import { comparedWithTorch } from './torch-reference.ts';

const golden = (name: string) => fileURLToPath(new URL(`import-golden/${name}`, import.meta.url));
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-import-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A checkpoint of a network that was never trained, with 4 classes. */
function fresh(network: Network, { channels = 3 } = {}): Checkpoint {
  const { height = 32, width = 32 } = network.image ?? {};
  const image = { channels, height, width };
  const program = predictionProgram({ network, image, classes: 4, batchSize: 1 });
  const half = new Array<number>(channels).fill(0.5);
  return {
    kind: 'skein-checkpoint',
    version: 1,
    network: { name: network.name, options: network.options },
    graph: graphToJson(program),
    classes: ['north', 'east', 'south', 'west'],
    preprocessing: { ...image, mean: half, std: half, ...(channels === 1 && { grey: 'luma' }) },
    tensors: initialState(program.graph, 1),
  };
}

/** Bytes are compared at once: element by element, millions of them take minutes. */
function expectSame({ tensors, ...facts }: Checkpoint, { tensors: expected, ...wanted }: Checkpoint): void {
  expect(facts).toEqual(wanted);
  expect([...tensors.keys()].sort()).toEqual([...expected.keys()].sort());
  for (const [name, { dtype, shape, data }] of expected) {
    const found = tensors.get(name) as Tensor;
    expect([name, found.dtype, found.shape]).toEqual([name, dtype, shape]);
    expect(Buffer.compare(viewOf(found.data), viewOf(data)), name).toBe(0);
  }
}

const viewOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView) => new Uint8Array(buffer, byteOffset, byteLength);

async function file(name: string, content: Uint8Array | string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** The exported weights of a network, changed, as a file. */
async function changed(
  name: string,
  network: Network,
  change: (tensors: Map<string, Tensor>) => void,
  metadata: Record<string, string> = {},
): Promise<string> {
  const { tensors } = decodeSafetensors(networkWeights('it', fresh(network)).bytes);
  change(tensors);
  return file(name, encodeSafetensors(tensors, metadata));
}

/** An ONNX file with these initialisers, some of them as float64. */
function onnxOf(tensors: ReadonlyMap<string, Tensor>, doubles: ReadonlySet<string>): Uint8Array {
  const bytes = (writer: BinaryWriter, field: number, value: Uint8Array) =>
    writer.tag(field, WireType.LengthDelimited).bytes(value);
  const graph = new BinaryWriter();
  for (const [name, { dtype, shape, data }] of tensors) {
    if (dtype !== 'float32') continue;
    const isDouble = doubles.has(name);
    const one = new BinaryWriter();
    for (const extent of shape) one.tag(1, WireType.Varint).int64(extent);
    one.tag(2, WireType.Varint).int32(isDouble ? 11 : 1);
    bytes(one, 8, new TextEncoder().encode(name));
    bytes(one, 9, viewOf(isDouble ? Float64Array.from(data as Float32Array) : data));
    bytes(graph, 5, one.finish());
  }
  const file = new BinaryWriter().tag(1, WireType.Varint).int64(8);
  bytes(file, 7, graph.finish());
  return bytes(file, 8, new BinaryWriter().tag(2, WireType.Varint).int64(17).finish()).finish();
}

const refused = async (path: string, options = {}) =>
  importWeights(path, options).then(
    () => {
      throw new Error('it was imported');
    },
    (error: Error & { hint?: string }) => `${error.message} (${error.hint})`,
  );

describe('a small network of torchvision', () => {
  it.each(['onnxruntime', 'evaluator'])('has its logits, gradients and next weights on %s', async (engine) => {
    const { checkpoint, ...facts } = await importWeights(golden('weights.pth'), { imageSize: 32 });
    expect(facts).toMatchObject({ source: 'PyTorch', naming: 'torchvision', matched: 46, leftOver: [] });
    expect(facts.ignored.length).toBe(9);
    expect(facts.notes[0]).toBe('read `state_dict`; beside it `epoch`, not read');
    expect(facts.notes[1]).toBe('46 tensors were in half precision and are float32 now, without loss');
    expect(checkpoint.network.options).toEqual({ layers: [2, 1], growth: 2, stem: 4, dropout: 0 });
    const { logits, trainingLogits, gradients, after } = await comparedWithTorch(
      checkpoint,
      golden('reference.pth'),
      engine,
    );
    expect(logits).toBeLessThan(1e-5);
    expect(trainingLogits).toBeLessThan(1e-5);
    expect(gradients.length).toBe(28);
    expect(gradients[0]?.[1], gradients[0]?.[0]).toBeLessThan(1e-4);
    expect(after.length).toBe(46);
    expect(after[0]?.[1], after[0]?.[0]).toBeLessThan(1e-5);
  });
});

describe('what is exported for other tools', () => {
  it.each([
    'resnet20',
    'resnet18',
    'resnet50d',
    'seresnet50',
    'resnetv2_50',
    'wrn16-4',
    'densenet-bc22-k12',
    'densenet40-k12',
    'densenet121',
  ])('comes back as it was: %s', async (name) => {
    const before = fresh(findModel(name));
    const { bytes } = networkWeights('it', before);
    const { checkpoint, notes } = await importWeights(await file(`${name}.torch.safetensors`, bytes));
    expectSame(checkpoint, before);
    expect(notes).toEqual([]);
  });

  it.each<[string, Network]>([
    ['timm (ResNet-C)', imageNetResnet({ depth: 50, stem: 'deep' })],
    ['CIFAR scripts', resnet({ depth: 8, shortcut: 'B' })],
    ['CIFAR scripts', densenet({ depth: 10, growth: 5, bottleneck: true, stem: 7, compression: 0.4 })],
  ])('has the names of %s without a published name too', async (convention, network) => {
    const before = fresh(network, { channels: 1 });
    const { bytes, naming } = networkWeights('it', before);
    expect(naming).toBe(convention);
    const { checkpoint } = await importWeights(await file('unpublished.safetensors', bytes));
    expectSame({ ...checkpoint, network: { ...checkpoint.network, name: network.name } }, before);
  });

  it('is nothing where no other tool has such a network, or one whose weights look alike', () => {
    const caffe = imageNetResnet({ depth: 50, strideIn: '1x1' });
    for (const network of [preactResnet({ depth: 11 }), plain({ depth: 8 }), caffe])
      expect(() => networkWeights('it', fresh(network))).toThrow('no other tool that Skein knows has a network like');
  });
});

describe('an import', () => {
  it('names what is missing, of another shape, and left over, and the next step', async () => {
    const path = await changed('damaged.safetensors', resnet({ depth: 8 }), (tensors) => {
      tensors.delete('layer1.0.bn2.weight');
      tensors.set('layer3.0.conv2.weight', tensor('float32', [64, 64, 1, 1], new Float32Array(4096)));
      tensors.set('layer2.0.bn1.weight', tensor('int32', [32], new Int32Array(32)));
      tensors.set('layer1.0.conv1.bias', tensor('float32', [16], new Float32Array(16)));
      tensors.set('head.weight', tensor('float32', [1], new Float32Array(1)));
    });
    expect((await refused(path)).replace(folder, 'FOLDER')).toMatchInlineSnapshot(
      `"FOLDER/damaged.safetensors: the weights do not fit resnet8: 34 of 37 tensors match; 1 missing: \`layer1.0.bn2.weight\`; 2 of another shape or type: \`layer2.0.bn1.weight\` (float32 [32] is needed, it is int32 [32]), \`layer3.0.conv2.weight\` (float32 [64, 64, 3, 3] is needed, it is float32 [64, 64, 1, 1]); 2 left over: \`head.weight\`, \`layer1.0.conv1.bias\` (save the weights again from the network that was trained, or where it is a variant, give a module that builds it: --model ./net.mjs; nothing was written)"`,
    );
    expect(await refused(path, { allowUnused: true })).toContain('1 missing');
  });

  it('leaves weights over only where it may', async () => {
    const path = await changed('more.safetensors', resnet({ depth: 8 }), (tensors) => {
      tensors.set('head.weight', tensor('float32', [1], new Float32Array(1)));
    });
    expect(await refused(path)).toContain('37 of 37 tensors match; 1 left over: `head.weight`');
    const { leftOver, matched } = await importWeights(path, { allowUnused: true });
    expect({ leftOver, matched }).toEqual({ leftOver: ['head.weight'], matched: 37 });
  });

  it('takes the network that it is told to take', async () => {
    const path = await changed('plain.safetensors', resnet({ depth: 8 }), () => {});
    expect((await importWeights(path)).checkpoint.network.name).toBe('resnet8');
    expect((await importWeights(path, { model: findModel('plain8') })).checkpoint.network.name).toBe('plain8');
    expect(await refused(path, { model: findModel('resnet14') })).toContain(
      'the weights do not fit resnet14: 37 of 67 tensors match; 30 missing',
    );
  });

  it('believes the network that the file names only where it fits', async () => {
    const named = (network: string) => changed(`${network}.safetensors`, resnet({ depth: 8 }), () => {}, { network });
    expect((await importWeights(await named('plain8'))).checkpoint.network.name).toBe('plain8');
    expect((await importWeights(await named('resnet50'))).checkpoint.network.name).toBe('resnet8');
  });

  it('rounds doubles to float32, and says so', async () => {
    const path = await changed('doubles.safetensors', resnet({ depth: 8 }), (tensors) => {
      tensors.set('linear.bias', tensor('float64', [4], Float64Array.of(1, 2, 1 / 3, 4)));
    });
    const { checkpoint, notes } = await importWeights(path);
    expect(checkpoint.tensors.get('classifier.bias')?.data).toEqual(Float32Array.of(1, 2, 1 / 3, 4));
    expect(notes[0]).toBe('1 tensors were in double precision and are rounded to float32 now');
  });

  it('says of a file of ONNX too that numbers were rounded', async () => {
    const { tensors } = decodeSafetensors(networkWeights('it', fresh(resnet({ depth: 8 }))).bytes);
    const path = await file('precise.onnx', onnxOf(tensors, new Set(['linear.weight', 'conv1.weight'])));
    const { source, notes } = await importWeights(path);
    expect(source).toBe('ONNX');
    expect(notes).toContain('2 tensors were in double precision and are rounded to float32 now');
  });

  it('takes preprocessing and class names that are given, and refuses those that do not fit', async () => {
    const path = await changed('given.safetensors', resnet({ depth: 8 }), () => {});
    const options = {
      mean: [0.5, 0.4, 0.3],
      std: [0.2, 0.2, 0.1],
      imageSize: 28,
      resize: 30,
      classNames: ['a', 'b', 'c', 'd'],
    };
    const { checkpoint } = await importWeights(path, options);
    expect(checkpoint.classes).toEqual(['a', 'b', 'c', 'd']);
    expect(checkpoint.preprocessing).toEqual({
      ...{ channels: 3, height: 28, width: 28, mean: [0.5, 0.4, 0.3], std: [0.2, 0.2, 0.1] },
      resize: { shorterSide: 30 },
    });
    expect(await refused(path, { mean: [0.5] })).toContain('`mean` was given without `std`');
    expect(await refused(path, { mean: [0.5], std: [0.5] })).toContain(
      "`mean` has 1 numbers, but the network's images have 3 channels",
    );
    expect(await refused(path, { mean: [124, 116, 104], std: [58, 57, 57] })).toContain(
      'divide numbers of 0…255 by 255',
    );
    expect(await refused(path, { resize: 16 })).toContain('`resize` must be at least the image size, 32, but is 16');
    const half = [0.5, 0.5, 0.5];
    const preprocessing = JSON.stringify({ channels: 3, height: 24, width: 40, mean: half, std: half });
    const wide = await changed('wide.safetensors', resnet({ depth: 8 }), () => {}, { preprocessing });
    expect(await refused(wide, { resize: 32 })).toContain('`resize` must be at least the image size, 40, but is 32');
    expect(await refused(path, { classNames: ['a'] })).toContain('1 class names were given, but the classifier');
  });

  it('scales large images as torchvision does where nothing else is said, and otherwise as is said', async () => {
    const interpolationOf = async (path: string, options = {}) =>
      (await importWeights(path, options)).checkpoint.preprocessing.interpolation;
    const large = golden('weights.pth');
    expect(await interpolationOf(large)).toBe('bilinear');
    expect(await interpolationOf(large, { resize: 232 })).toBe('bilinear');
    expect(await interpolationOf(large, { interpolation: 'bicubic' })).toBe('bicubic');
    expect(await refused(large, { interpolation: 'cubic' })).toContain(
      '`interpolation` must be one of nearest, bilinear',
    );
    const small = await changed('scaled.safetensors', resnet({ depth: 8 }), () => {});
    expect(await interpolationOf(small)).toBeUndefined();
    const half = [0.5, 0.5, 0.5];
    const size = { channels: 3, height: 32, width: 32, mean: half, std: half };
    const preprocessing = JSON.stringify({ ...size, interpolation: 'nearest' });
    const said = await changed('said.safetensors', resnet({ depth: 8 }), () => {}, { preprocessing });
    expect(await interpolationOf(said, { resize: 40 })).toBe('nearest');
  });

  it('does not take dense networks to images on which other tools would halve smaller maps', async () => {
    const path = await file('dense.safetensors', networkWeights('it', fresh(findModel('densenet121'))).bytes);
    expect(await refused(path, { imageSize: 96 })).toContain('must be at least 128, but is 96');
    expect((await importWeights(path, { imageSize: 128 })).checkpoint.preprocessing.height).toBe(128);
    // of a network of the user's own, whose layers merely have such names, nothing is known
    const own = defineNetwork('own', (image, { classes }) => {
      const x = scope('stem', () => conv(image, 4, { kernel: 3 }));
      const y = scope('transition1', () => conv(x, 4, { kernel: 1 }));
      return linear(globalAveragePool(y), classes, { name: 'classifier' });
    });
    const checkpoint = fresh({ ...own, image: { channels: 3, height: 4, width: 4 } });
    const bare = await file('own-names.safetensors', encodeSafetensors(checkpoint.tensors, {}));
    expect((await importWeights(bare, { model: own, imageSize: 4 })).matched).toBe(checkpoint.tensors.size);
  });
});

describe('skein import', () => {
  it('writes a checkpoint, says what it is, and replaces nothing unasked', async () => {
    const out = join(folder, 'imported.safetensors');
    const source = golden('weights.pth');
    const { code, stdout, stderr } = await skein('import', source, '--out', out);
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(stdout.replaceAll(folder, 'FOLDER')).toMatchInlineSnapshot(`
      "FOLDER/imported.safetensors  17 kB, a checkpoint of densenet9
        file     PyTorch, names of torchvision
        network  densenet9, 3 classes, images of 3×224×224
        tensors  46 matched, 0 missing, 0 left over; 9 counters ignored
        pixels   mean 0.485, 0.456, 0.406; std 0.229, 0.224, 0.225; shorter side 256, centre cut out; bilinear

      Not seen in the weights, or changed:
      - read \`state_dict\`; beside it \`epoch\`, not read
      - 46 tensors were in half precision and are float32 now, without loss
      - mean and std cannot be seen in weights: taken as ImageNet's (--mean, --std)
      - taken by convention: the shorter side scaled to 256 pixels, and 224×224 cut from the centre (--resize, --image-size)
      - taken by convention: images scaled with bilinear interpolation, as torchvision evaluates; timm often takes bicubic (--interpolation)
      - classes have no names in the file: they are \`class 0\` to \`class 2\` (--class-names)

      Next:
        skein predict FOLDER/imported.safetensors IMAGE
        skein eval FOLDER/imported.safetensors --data DATA
      "
    `);
    expect((await loadCheckpoint(out)).network.name).toBe('densenet9');
    const before = await readFile(out);
    const again = await skein('import', source, '--out', out, '--image-size', '64');
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toContain('is there already');
    expect(await readFile(out)).toEqual(before);
    expect((await skein('import', source, '--out', out, '--image-size', '64', '--force')).code).toBe(0);
    expect((await loadCheckpoint(out)).preprocessing.height).toBe(64);
  });

  it('prints its result as JSON, with class names from a file', async () => {
    const names = [
      ['lines.txt', 'hat\r\nshoe\n\nshirt\n'],
      ['list.json', '["hat", "shoe", "shirt"]'],
      ['index.json', '{"1": ["n02", "shoe"], "0": ["n01", "hat"], "2": ["n03", "shirt"]}'],
      ['numbers.json', '{"shirt": 2, "hat": 0, "shoe": 1}'],
    ] as const;
    for (const [name, text] of names) {
      const classes = await file(name, text);
      const { stdout } = await skein(
        'import',
        golden('weights.pth'),
        '--out',
        join(folder, `${name}.safetensors`),
        '--class-names',
        classes,
        '--json',
      );
      expect(JSON.parse(stdout)).toMatchObject({
        network: 'densenet9',
        classes: ['hat', 'shoe', 'shirt'],
        matched: 46,
        leftOver: [],
      });
    }
    const gap = await skein(
      'import',
      golden('weights.pth'),
      '--class-names',
      await file('gap.json', '{"0": "a", "2": "b"}'),
    );
    expect(gap.stderr).toContain('expected a name for each of 0 to 1, but there is none for 1');
  });

  it('refuses what is no file of weights, and writes nothing', async () => {
    const own = join(folder, 'own.safetensors');
    await saveCheckpoint(own, fresh(resnet({ depth: 8 })));
    const cases: [string, string][] = [
      [own, 'it is a checkpoint of Skein already'],
      [join(folder, 'nothing.pth'), 'there is no such file'],
      [folder, 'it is a folder'],
      [await file('page.pth', '<!DOCTYPE html><html>'), 'this is a web page (HTML)'],
      [await file('empty.pth', ''), 'this is an empty file'],
      [await file('cut.pth', (await readFile(golden('weights.pth'))).subarray(0, 5000)), 'cut.pth: torch file:'],
      [
        await file(
          'other.safetensors',
          encodeSafetensors(new Map([['a', tensor('float32', [1], Float32Array.of(1))]])),
        ),
        'Skein knows none of the names of its 1 tensors',
      ],
    ];
    for (const [path, problem] of cases) {
      const out = join(folder, 'never.safetensors');
      const { code, stderr, stdout } = await skein('import', path, '--out', out);
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toContain(problem);
      expect(stderr.split('\n').length).toBe(3);
      await expect(stat(out)).rejects.toThrow();
    }
    const same = join(folder, 'same.pth');
    await copyFile(golden('weights.pth'), same);
    expect((await skein('import', same, '--out', same, '--force')).stderr).toContain(
      'would replace the file that it is made from',
    );
  });

  it('and export --torch go there and back', async () => {
    const [own, back] = [join(folder, 'there.safetensors'), join(folder, 'back.safetensors')];
    await saveCheckpoint(own, fresh(resnet({ depth: 8 })));
    const { stdout } = await skein('export', own, '--torch');
    expect(stdout).toContain(join(folder, 'resnet8.torch.safetensors'));
    expect(stdout).toContain('safetensors of 44 tensors');
    expect((await skein('import', join(folder, 'resnet8.torch.safetensors'), '--out', back)).code).toBe(0);
    expect(await readFile(back)).toEqual(await readFile(own));
    const json = JSON.parse((await skein('export', own, '--torch', '--json')).stdout) as { tensors: string[] };
    expect(json.tensors).toContain('layer1.0.bn1.num_batches_tracked');
  });
});

/** Real weights and CIFAR-10, which do not ship: SKEIN_SHARED_DATA, or ../shared/data; CIFAR-10 in SKEIN_CIFAR10 or cifar-10-bin there. */
const shared = process.env.SKEIN_SHARED_DATA ?? fileURLToPath(new URL('../../shared/data', import.meta.url));
const cifar = process.env.SKEIN_CIFAR10 ?? join(shared, 'cifar-10-bin');
const trained = join(shared, 'weights/cifar10_resnet20.safetensors');
const hasAll = (
  await Promise.all([trained, join(cifar, 'test_batch.bin')].map((path) => stat(path).catch(() => undefined)))
).every(Boolean);
if (!hasAll)
  console.warn(
    `import.test.ts: the test with trained weights is skipped: no ${trained}, or no ${cifar}/test_batch.bin (SKEIN_CIFAR10)`,
  );

describe.skipIf(!hasAll)('a ResNet-20 that was trained elsewhere', () => {
  it('has 9,173 of the 10,000 test images right, and the logits that PyTorch gives', { timeout: 300_000 }, async () => {
    const out = join(folder, 'resnet20.safetensors');
    expect((await skein('import', trained, '--out', out)).code).toBe(0);
    const reference = decodeSafetensors(
      await readFile(join(shared, 'weights/cifar10_resnet20.reference_logits.safetensors')),
    );
    const expected = reference.tensors.get('logits')?.data as Float32Array;
    const { test } = await loadData(cifar);
    const dataset = test as NonNullable<typeof test>;
    const checkpoint = await loadCheckpoint(out);
    const executable = await onnxruntime.compile({ batch: frozenProgramOf(out, checkpoint, 125) });
    try {
      const found: number[] = [];
      const score = await evaluateSplit({
        executable,
        entry: 'batch',
        imageShape: [125, 3, 32, 32],
        dataset,
        normalisation: checkpoint.preprocessing,
        onBatch: (logits) => {
          for (const value of logits) found.push(value);
        },
      });
      expect(score).toMatchObject({ correct: 9173, total: 10_000 });
      let worst = 0;
      expected.forEach((value, i) => {
        worst = Math.max(worst, Math.abs(value - (found[i] as number)));
      });
      expect(found.length).toBe(expected.length);
      expect(worst).toBeLessThan(1e-3);
    } finally {
      await executable.dispose();
    }
  });
});
