/** Weights of Skein's networks under names that no table knows: matched by structure, or refused with what is the matter. */

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  averagePool,
  batchNorm,
  concat,
  conv,
  defineNetwork,
  globalAveragePool,
  type ImportOptions,
  importWeights,
  linear,
  type Network,
  relu,
  scope,
  type Value,
} from 'skein';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { graphToJson } from '../src/ir/index.ts';
import { densenet, findModel, preactResnet, resnet, vgg, wideResnet } from '../src/models/index.ts';
import { predictionProgram } from '../src/step/index.ts';
import { type Tensor, tensor } from '../src/tensor/index.ts';
import { foreignState, readWeights } from '../src/trained/index.ts';
import {
  type MeasuredOptions,
  measuredState,
  renamed,
  type Style,
  safetensorsOf,
  torchFileOf,
} from './foreign-weights.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-structure-'));
});
afterAll(() => rm(folder, { recursive: true }));

const states = new Map<string, Promise<Map<string, Tensor>>>();
/** Measured once for each network and sizes. */
function stateOf(network: Network, options: MeasuredOptions = {}): Promise<Map<string, Tensor>> {
  const key = JSON.stringify([network.name, network.options, options]);
  const state = states.get(key) ?? measuredState(network, options);
  states.set(key, state);
  return state;
}

const bytesOf = (of: Pick<Tensor, 'data'> | undefined) =>
  of ? new Uint8Array(of.data.buffer, of.data.byteOffset, of.data.byteLength) : new Uint8Array();

async function written(tensors: ReadonlyMap<string, Tensor>, how: 'pth' | 'safetensors'): Promise<string> {
  const path = join(folder, `weights.${how}`);
  await writeFile(path, (how === 'pth' ? torchFileOf : safetensorsOf)(tensors));
  return path;
}

const less = (n: string | undefined, by = 1) => Number(n) - by;

/** transformers: `ResNetForImageClassification`, where a shortcut is registered before the block's own layers. */
const transformers: Style = {
  rename: (path) => {
    if (path === 'classifier') return 'classifier.1';
    const kind = path.includes('conv') ? 'convolution' : 'normalization';
    if (path.startsWith('stem')) return `resnet.embedder.embedder.${kind}`;
    const [, stage, block, rest = ''] = /^stage(\d)\.block(\d+)\.(.+)$/.exec(path) ?? [];
    const place = rest.startsWith('shortcut') ? 'shortcut' : `layer.${less(rest.slice(-1))}`;
    return `resnet.encoder.stages.${less(stage)}.layers.${less(block)}.${place}.${kind}`;
  },
};

/** weiaicunzai's DenseNet (with rectifiers in its transitions), numbered by modules; its last block is named apart. */
const bottleNecks: Style = {
  rename: (path) => {
    const [, block, layer, kind, k] = /^block(\d)\.layer(\d+)\.(conv|norm)(\d)$/.exec(path) ?? [];
    if (block !== undefined) {
      const name = block === '3' ? 'dense_block2' : `dense_block_layer_${less(block)}`;
      const at = (k === '1' ? 0 : 3) + (kind === 'norm' ? 0 : 2);
      return `features.${name}.bottle_neck_layer_${less(layer)}.bottle_neck.${at}`;
    }
    const [, transition, what] = /^transition(\d)\.(conv|norm)1$/.exec(path) ?? [];
    if (transition !== undefined)
      return `features.transition_layer_${less(transition)}.down_sample.${what === 'norm' ? 0 : 2}`;
    return { 'stem.conv1': 'conv1', 'final.norm1': 'features.bn' }[path] ?? 'linear';
  },
};

/** A DenseNet whose parts are called as those of a ResNet: a table takes it for another network. */
const likeAResnet: Style = {
  rename: (path) =>
    path
      .replace(
        /^block(\d)\.layer(\d+)\.(conv|norm)(\d)$/,
        (_, b, l, kind, k) => `layer${b}.${less(l)}.${kind === 'conv' ? 'conv' : 'bn'}${k}`,
      )
      .replace(/^transition(\d)\.conv1$/, 'trans$1.conv')
      .replace(/^transition(\d)\.norm1$/, 'trans$1.bn')
      .replace('stem.conv1', 'conv1')
      .replace('final.norm1', 'bn')
      .replace('classifier', 'fc'),
};

const bottlenecksLikeAResnet: Style = { ...likeAResnet, hasCounters: false };

/** detectron2: a norm is part of its convolution. */
const detectron: Style = {
  rename: (path) =>
    path
      .replace(/^stage(\d)\.block(\d+)/, (_, s, b) => `res${Number(s) + 1}.${less(b)}`)
      .replace('shortcut.conv1', 'shortcut')
      .replace('shortcut.norm1', 'shortcut.norm')
      .replace(/norm(\d)$/, 'conv$1.norm')
      .replace('classifier', 'linear'),
};

/** OpenMMLab: torchvision's names with another head. */
const openMmlab: Style = {
  rename: (path) =>
    path === 'classifier'
      ? 'head.fc'
      : `backbone.${path
          .replace(/^stage(\d)\.block(\d+)/, (_, s, b) => `layer${s}.${less(b)}`)
          .replace('shortcut.conv1', 'downsample.0')
          .replace('shortcut.norm1', 'downsample.1')
          .replace('stem.', '')
          .replace('norm', 'bn')}`,
};

/** Caffe's names, of which the batch norms' begin otherwise. */
const caffe: Style = {
  rename: (path) => {
    if (path === 'classifier') return 'fc1000';
    if (path.startsWith('stem')) return path.includes('conv') ? 'conv1' : 'bn_conv1';
    const [, stage, block, rest = ''] = /^stage(\d)\.block(\d+)\.(.+)$/.exec(path) ?? [];
    const branch = rest.startsWith('shortcut') ? 'branch1' : `branch2${'abc'[less(rest.slice(-1))]}`;
    return `${rest.includes('conv') ? 'res' : 'bn'}${Number(stage) + 1}${'abcdefghij'[less(block)]}_${branch}`;
  },
};

/** One row of modules for all: `nn.Sequential`. */
const inARow = (network: Network): Style => {
  const paths = new Map<string, string>();
  return { rename: (path) => paths.get(path) ?? paths.set(path, `seq.${paths.size * 2}`).get(path) ?? network.name };
};

/** Words of TensorFlow, and slashes. */
const tensorflow: Style = {
  words: ['weight', 'beta', 'moving_mean', 'moving_variance'],
  hasCounters: false,
  rename: (path) =>
    `my_net/${path
      .replaceAll('.', '/')
      .replace(/(stage|block)(\d+)/g, '$1_$2')
      .replace('conv', 'convolution_')}`,
};

/** The classifier first, norms before their convolutions. */
const backwards: Style = {
  rename: (path) =>
    path
      .replace(/^stage(\d)\.block(\d+)\./, (_, s, b) => `trunk.${less(s)}.units.${less(b)}.`)
      .replace(/norm(\d)$/, 'n$1')
      .replace(/conv(\d)$/, 'c$1')
      .replace('classifier', 'a_head'),
  order: (path) => (path === 'classifier' ? 0 : path.startsWith('stem') ? 1 : 2),
};

interface Case extends MeasuredOptions {
  readonly style: Style;
  readonly network: Network;
  readonly how: 'pth' | 'safetensors';
}

const bc22 = findModel('densenet-bc22-k12');
const cases: [string, Case][] = [
  ['transformers, sorted', { style: transformers, network: findModel('resnet50'), how: 'safetensors', size: 64 }],
  ['transformers, as registered', { style: transformers, network: findModel('resnet18'), how: 'pth', size: 64 }],
  ['a DenseNet of bottle necks', { style: bottleNecks, network: bc22, how: 'pth' }],
  ['a DenseNet of bottle necks, sorted', { style: bottleNecks, network: bc22, how: 'safetensors' }],
  ['a DenseNet named as a ResNet', { style: likeAResnet, network: densenet({ depth: 22, growth: 6 }), how: 'pth' }],
  ['a DenseNet with bottlenecks, named as a ResNet', { style: bottlenecksLikeAResnet, network: bc22, how: 'pth' }],
  ['detectron2', { style: detectron, network: findModel('resnet18'), how: 'safetensors', size: 64 }],
  ['OpenMMLab', { style: openMmlab, network: resnet({ depth: 14, shortcut: 'B' }), how: 'pth' }],
  ['Caffe', { style: caffe, network: findModel('resnet50'), how: 'pth', size: 64 }],
  ['a row of modules', { style: inARow(findModel('resnet14')), network: findModel('resnet14'), how: 'pth' }],
  [
    'a row of modules, sorted',
    {
      style: inARow(vgg({ depth: 11, width: 8 })),
      network: vgg({ depth: 11, width: 8 }),
      how: 'safetensors',
      size: 32,
    },
  ],
  ['words of TensorFlow', { style: tensorflow, network: resnet({ depth: 8 }), how: 'safetensors', channels: 1 }],
  ['a wide network, backwards', { style: backwards, network: wideResnet({ depth: 10, widen: 2 }), how: 'pth' }],
  ['a pre-activated network, sorted', { style: backwards, network: preactResnet({ depth: 20 }), how: 'safetensors' }],
];

describe('a network under names that no table knows', () => {
  it.each(cases)('is matched by structure: %s', { timeout: 120_000 }, async (_, { style, network, how, ...sizes }) => {
    const state = await stateOf(network, sizes);
    const path = await written(renamed(state, style), how);
    const { checkpoint, matched, notes, naming } = await importWeights(path, { imageSize: sizes.size ?? 16 });
    expect(naming).toBe('no table that Skein has');
    expect(notes).toContain('matched by structure: no table knows these names');
    expect(matched).toBe(state.size);
    const { channels = 3, size = 16 } = sizes;
    const image = { channels, height: size, width: size };
    const own = graphToJson(predictionProgram({ network, image, classes: 4, batchSize: 1 }));
    expect(checkpoint.graph).toEqual(own);
    // bytes at once: element by element, millions of them take minutes
    for (const [name, { data }] of state)
      expect(Buffer.compare(bytesOf(checkpoint.tensors.get(name)), bytesOf({ data })), name).toBe(0);
  });

  it('is matched without statistics where numbers in its names say the order, and that is said', async () => {
    const network = resnet({ depth: 14 });
    const state = await stateOf(network, { isUntrained: true });
    const { notes, matched } = await importWeights(await written(renamed(state, tensorflow), 'safetensors'));
    expect(matched).toBe(state.size);
    expect(notes.join('; ')).toContain('no running statistics to check the order of equal layers by');
  });

  it('tells shortcuts of option A from none by the statistics', async () => {
    for (const name of ['resnet14', 'plain14']) {
      const state = await stateOf(findModel(name));
      const { checkpoint, notes } = await importWeights(await written(renamed(state, tensorflow), 'safetensors'), {
        imageSize: 16,
      });
      expect(checkpoint.network.name).toBe(name);
      expect(notes.join('; ')).toContain(`running statistics go with ${name}`);
    }
  });
});

/** DenseNet-BC-22-12, but for its transitions. */
const unrectified = defineNetwork(
  'unrectified',
  (image, { classes }) => {
    const composite = (x: Value, channels: number, kernel: number) => conv(relu(batchNorm(x)), channels, { kernel });
    let x = scope('stem', () => conv(image, 24, { kernel: 3 }));
    for (let block = 1; block <= 3; block++) {
      if (block > 1) {
        const half = Math.floor((x.type.shape[1] as number) / 2);
        const before = x;
        x = scope(`transition${block - 1}`, () =>
          averagePool(conv(batchNorm(before), half, { kernel: 1 }), { kernel: 2 }),
        );
      }
      for (let layer = 1; layer <= 3; layer++) {
        const before = x;
        const add = () => concat([before, composite(composite(before, 48, 1), 12, 3)]);
        x = scope(`block${block}`, () => scope(`layer${layer}`, add));
      }
    }
    const last = x;
    return linear(globalAveragePool(scope('final', () => relu(batchNorm(last)))), classes, { name: 'classifier' });
  },
  { image: { channels: 3, height: 16, width: 16 }, classes: 4 },
);

const refusal = async (path: string, options: ImportOptions = {}) =>
  importWeights(path, { imageSize: 16, ...options }).then(
    ({ checkpoint, notes }) => `imported as ${checkpoint.network.name}: ${notes.join('; ')}`,
    (error: Error & { hint?: string }) => `${error.message.replace(folder, '')} (${error.hint})`,
  );

type Change = (tensors: Map<string, Tensor>) => void;
const random = (...shape: number[]) =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i * 7.3) / 8),
  );
const drop =
  (pattern: RegExp): Change =>
  (tensors) => {
    for (const name of [...tensors.keys()]) if (pattern.test(name)) tensors.delete(name);
  };
/** Exchanges what stands under two beginnings of names. */
const exchange =
  (a: RegExp, b: string, back: RegExp, to: string): Change =>
  (tensors) => {
    const before = [...tensors];
    for (const [name, value] of before) {
      const other = a.test(name) ? name.replace(a, b) : back.test(name) ? name.replace(back, to) : name;
      tensors.set(other, value);
    }
  };
const copy =
  (from: RegExp, to: string): Change =>
  (tensors) => {
    for (const [name, value] of [...tensors]) if (from.test(name)) tensors.set(name.replace(from, to), value);
  };

interface Miss {
  readonly network: Network;
  readonly style: Style;
  readonly change?: Change;
  readonly isUntrained?: boolean;
  readonly options?: ImportOptions;
  readonly says: RegExp;
  readonly how?: 'pth' | 'safetensors';
}

const tf14 = { network: findModel('resnet14'), style: tensorflow };
const misses: [string, Miss][] = [
  [
    'one layer more',
    {
      ...tf14,
      change: (all) => all.set('my_net/extra/weight', random(64, 64, 3, 3)),
      says: /nearest is resnet14, but the file has a layer \[64, 64, 3, 3\] such as `my_net\/\w+/,
    },
  ],
  [
    'one block more',
    { ...tf14, change: copy(/stage_3\/block_2/, 'stage_3/block_3'), says: /nearest is resnet14, but the file has/ },
  ],
  [
    'one block less',
    { ...tf14, change: drop(/stage_2\/block_2/), says: /nearest is (resnet|plain)\d+.* that the file has not/ },
  ],
  [
    'a batch norm less',
    {
      ...tf14,
      change: drop(/stage_2\/block_2\/norm2/),
      says: /resnet14 has a batch norm \[32\] that the file has not/,
    },
  ],
  [
    'a batch norm without its variance',
    {
      ...tf14,
      change: drop(/stage_2\/block_2\/norm2\/moving_variance/),
      says: /`my_net\/stage_2\/block_2\/norm2` has a weight of one axis, as a batch norm, but no variance/,
    },
  ],
  ['a file that ends early', { ...tf14, change: drop(/stage_3|classifier/), says: /no network that Skein can take/ }],
  ['a classifier without a bias', { ...tf14, change: drop(/classifier\/beta/), says: /nearest is resnet14/ }],
  [
    'a transposed classifier',
    {
      ...tf14,
      change: (all) => all.set('my_net/classifier/weight', random(64, 4)),
      says: /it looks transposed|does not go with its weight/,
    },
  ],
  [
    'two classifiers',
    {
      ...tf14,
      change: copy(/classifier/, 'classifier_b'),
      says: /nearest is resnet14, but the file has a layer \[4, 64\]/,
    },
  ],
  [
    'convolutions with biases',
    {
      ...tf14,
      change: (all) => {
        for (const [name, { shape }] of [...all])
          if (/convolution_\d\/weight/.test(name)) all.set(name.replace('weight', 'beta'), random(shape[0] as number));
      },
      says: /no network that Skein can take|nor does their structure tell/,
    },
  ],
  [
    'a first convolution of 7×7',
    {
      ...tf14,
      change: (all) => all.set('my_net/stem/convolution_1/weight', random(16, 3, 7, 7)),
      says: /nor does their structure tell|no network that Skein can take/,
    },
  ],
  [
    'another width',
    {
      ...tf14,
      change: (all) => {
        for (const [name, { shape }] of [...all]) all.set(name, random(...shape.map((n) => (n >= 16 ? n + 4 : n))));
      },
      says: /nor does their structure tell|no network that Skein can take/,
    },
  ],
  [
    'swapped blocks of equal shape',
    {
      ...tf14,
      change: exchange(/stage_1\/block_1/, 'stage_1/block_2', /stage_1\/block_2/, 'stage_1/block_1'),
      says: /`my_net\/stage_1\/block_[12]` and `my_net\/stage_1\/block_[12]` have changed places/,
    },
  ],
  [
    'swapped convolutions of equal shape',
    {
      ...tf14,
      change: exchange(
        /block_2\/convolution_1/,
        'block_2/convolution_2',
        /block_2\/convolution_2/,
        'block_2/convolution_1',
      ),
      says: /running statistics/,
    },
  ],
  [
    'batch norms of another block',
    {
      ...tf14,
      change: exchange(
        /stage_2\/block_2\/norm1/,
        'stage_2/block_2/norm2',
        /stage_2\/block_2\/norm2/,
        'stage_2/block_2/norm1',
      ),
      says: /running statistics/,
    },
  ],
  [
    'another growth in one layer',
    {
      network: bc22,
      style: bottleNecks,
      change: (all) =>
        all.set('features.dense_block_layer_1.bottle_neck_layer_1.bottle_neck.5.weight', random(16, 48, 3, 3)),
      says: /nearest is densenet-bc22-k12, but the file has a layer \[16, 48, 3, 3\] such as/,
    },
  ],
  [
    'a dense layer less',
    {
      network: bc22,
      style: bottleNecks,
      change: drop(/dense_block2.bottle_neck_layer_2\./),
      says: /nearest is densenet-bc\d+-k12/,
    },
  ],
  [
    'unequal dense blocks',
    {
      network: densenet({ depth: 22, growth: 6 }),
      style: likeAResnet,
      change: drop(/^layer3\.5\./),
      says: /no network|blocks/,
    },
  ],
  [
    'no order in names, no statistics',
    {
      network: resnet({ depth: 20 }),
      isUntrained: true,
      style: {
        ...tensorflow,
        rename: (path) =>
          tensorflow.rename(path).replace(/block_(\d)/, (_, b) => `block_${['one', 'two', 'three'][less(b)]}`),
      },
      says: /nothing in their names says which comes first/,
    },
  ],
  [
    'a network that was given, and is another',
    { ...tf14, options: { model: findModel('resnet20') }, says: /resnet20/ },
  ],
  [
    'a language model',
    {
      network: resnet({ depth: 8 }),
      style: tensorflow,
      change: (all) => {
        all.clear();
        for (let i = 0; i < 4; i++) {
          all.set(`encoder.layer.${i}.attention.query.weight`, random(8, 8));
          all.set(`encoder.layer.${i}.attention.query.bias`, random(8));
          all.set(`encoder.layer.${i}.norm.weight`, random(8));
          all.set(`encoder.layer.${i}.norm.bias`, random(8));
        }
      },
      says: /no running|no mean|knows none of the names/,
    },
  ],
];

describe('a near miss is refused, and named', () => {
  it.each(misses)(
    '%s',
    { timeout: 60_000 },
    async (_, { network, style, change, isUntrained = false, options, says, how = 'safetensors' }) => {
      const tensors = renamed(await stateOf(network, { isUntrained }), style);
      change?.(tensors);
      const said = await refusal(await written(tensors, how), options);
      expect(said).toMatch(says);
      expect(said).not.toMatch(/^imported/);
    },
  );

  it('a DenseNet under names of a ResNet is not called a ResNet', async () => {
    const tensors = renamed(await stateOf(bc22), bottlenecksLikeAResnet);
    tensors.set('layer2.1.conv2.weight', random(16, 48, 3, 3));
    const said = await refusal(await written(tensors, 'pth'));
    expect(said).toMatch(/nearest is densenet-bc22-k12, but the file has a layer \[16, 48, 3, 3\]/);
    expect(said).not.toMatch(/resnet\d/);
  });

  it('weights to start from under any names lead to an import', async () => {
    const path = await written(renamed(await stateOf(tf14.network), tensorflow), 'safetensors');
    const weights = await readWeights(path);
    const start = () => foreignState(path, weights, tf14.network, { channels: 3, height: 32, width: 32 });
    expect(start).toThrow(expect.objectContaining({ hint: expect.stringContaining(`skein import ${path}`) }));
  });

  it('a transition without a rectifier, as some scripts have it', async () => {
    const tensors = renamed(await stateOf(unrectified), bottleNecks);
    expect(await refusal(await written(tensors, 'pth'))).toMatch(
      /running statistics do not: `features\.dense_block\S+` has measured/,
    );
  });

  it('joins of features in another order contradict what batch norms have measured', async () => {
    const tensors = renamed(await stateOf(densenet({ depth: 22, growth: 6 })), likeAResnet);
    // as a network that puts new features first would have it
    for (const [name, { shape, data }] of [...tensors]) {
      const [, layer] = /^layer\d\.(\d)\.bn1\.running_(?:mean|var)$/.exec(name) ?? [];
      if (layer === undefined) continue;
      const old = [...(data as Float32Array)];
      const first = old.length - 6 * Number(layer);
      const parts = Array.from({ length: Number(layer) }, (_, i) => old.slice(first + 6 * i, first + 6 * (i + 1)));
      tensors.set(
        name,
        tensor('float32', shape, Float32Array.from([...parts.reverse().flat(), ...old.slice(0, first)])),
      );
    }
    expect(await refusal(await written(tensors, 'pth'))).toMatch(/joined in another order/);
  });
});
