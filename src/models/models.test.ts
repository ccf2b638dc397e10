/** Over all variants: their counts are the published ones, and every parameter learns. */
import { describe, expect, it, test } from 'vitest';
import { gradients } from '../autodiff/index.ts';
import { plan, type Value } from '../ir/index.ts';
import { buildNetwork, type Network, softmaxCrossEntropy } from '../nn/index.ts';
import { densenet, describeModels, findModel, models, plain, preactResnet, resnet, wideResnet } from './index.ts';

// biome-ignore format: a table of published numbers: parameters for 10 and 100 classes, multiply-adds as printed
const published: [name: string, params: number, params100: number | undefined, macs: string | undefined][] = [
  ['resnet20',           269_722,    undefined,  '41e6'],
  ['resnet32',           464_154,    undefined,  '69e6'],
  ['resnet44',           658_586,    undefined,  '97e6'],
  ['resnet56',           853_018,    undefined,  '125e6'],
  ['resnet110',          1_727_962,  undefined,  '253e6'],
  ['resnet1202',         19_421_274, undefined,  '2.83e9'],
  ['densenet40-k12',     1_019_722,  1_060_132,  '0.265e9'],
  ['densenet100-k12',    6_979_642,  7_084_852,  '1.77e9'],
  ['densenet100-k24',    27_249_082, 27_457_972, '6.89e9'],
  ['densenet-bc100-k12', 769_162,    800_032,    '0.288e9'],
  ['densenet-bc250-k24', 15_324_406, 15_480_556, '5.42e9'],
  ['densenet-bc190-k40', 25_624_430, 25_821_620, '9.30e9'],
  ['resnet18',           11_689_512, undefined,  '1.814e9'],
  ['resnet34',           21_797_672, undefined,  '3.664e9'],
  ['resnet50',           25_557_032, undefined,  '4.089e9'],
  ['resnet101',          44_549_160, undefined,  '7.801e9'],
  ['resnet152',          60_192_808, undefined,  '11.514e9'],
  ['resnext50_32x4d',    25_028_904, undefined,  undefined],
  ['resnext101_32x8d',   88_791_336, undefined,  undefined],
  ['wide_resnet50_2',    68_883_240, undefined,  undefined],
  ['wide_resnet101_2',   126_886_696, undefined, undefined],
  ['densenet121',        7_978_856,  undefined,  '2.834e9'],
  ['densenet169',        14_149_480, undefined,  '3.360e9'],
  ['densenet201',        20_013_928, undefined,  '4.291e9'],
  ['densenet161',        28_681_000, undefined,  '7.728e9'],
  ['densenet264',        33_337_704, undefined,  '5.752e9'],
  ['vgg11',              132_863_336, undefined, '7.609e9'],
  ['vgg13',              133_047_848, undefined, '11.308e9'],
  ['vgg16',              138_357_544, undefined, '15.470e9'],
  ['vgg19',              143_667_240, undefined, '19.632e9'],
  ['vgg11_bn',           132_868_840, undefined, '7.609e9'],
  ['vgg13_bn',           133_053_736, undefined, '11.308e9'],
  ['vgg16_bn',           138_365_992, undefined, '15.470e9'],
  ['vgg19_bn',           143_678_248, undefined, '19.632e9'],
];

function costOf(network: Network, classes = network.classes ?? 10) {
  const { graph, logits } = buildNetwork(network, { batch: 1, classes, training: false });
  return plan({ name: 'cost', graph, outputs: new Map([['logits', logits]]), updates: new Map() });
}

/** A training graph at batch 2 with the gradient of every parameter. */
function differentiate(network: Network): { nodes: number; gradients: Map<string, Value> } {
  const { graph, logits } = buildNetwork(network, { batch: 2, training: true });
  const labels = graph.input('labels', { dtype: 'int32', shape: [2] });
  const parameters = [...graph.state].filter(
    ([, { source }]) => source.kind === 'state' && source.role === 'parameter',
  );
  const values = gradients(
    softmaxCrossEntropy(logits, labels),
    parameters.map(([, value]) => value),
  );
  const named = new Map(parameters.map(([name], i) => [name, values[i] as Value]));
  return { nodes: graph.nodes.length, gradients: named };
}

describe.each(published)('%s', (name, params, params100, macs) => {
  it('has the published number of parameters', () => {
    expect(costOf(findModel(name)).params).toBe(params);
    if (params100 !== undefined) expect(costOf(findModel(name), 100).params).toBe(params100);
  });

  it.skipIf(macs === undefined)('has the published multiply-adds, to the last digit that was printed', () => {
    const [mantissa, exponent] = (macs as string).split('e') as [string, string];
    const digits = mantissa.split('.')[1]?.length ?? 0;
    expect((costOf(findModel(name)).macs / 10 ** Number(exponent)).toFixed(digits)).toBe(mantissa);
  });

  it('shows these numbers in its table', () => {
    expect(models.get(name)?.published).toMatchObject({ params, ...(macs !== undefined && { macs: Number(macs) }) });
  });
});

describe.each([...models.keys()])('%s', (name) => {
  it('gives every parameter a gradient', () => {
    const { gradients } = differentiate(findModel(name));
    const stuck = [...gradients].filter(([, { source }]) => source.kind === 'constant').map(([parameter]) => parameter);
    expect(gradients.size).toBeGreaterThan(0);
    expect(stuck).toEqual([]);
  });

  it('knows its own name and default size', () => {
    const network = findModel(name);
    const isLarge = network.classes === 1000;
    const side = isLarge ? 224 : 32;
    expect(network).toMatchObject({ name, image: { channels: 3, height: side, width: side } });
    expect(isLarge || network.classes === 10).toBe(true);
  });
});

test.each<[string, (size: number) => Network]>([
  ['resnet', (n) => resnet({ depth: 6 * n + 2 })],
  ['resnet with projections', (n) => resnet({ depth: 6 * n + 2, shortcut: 'B' })],
  ['plain', (n) => plain({ depth: 6 * n + 2 })],
  ['densenet', (n) => densenet({ depth: 3 * n + 4, growth: 4 })],
  ['preactResnet', (n) => preactResnet({ depth: 9 * n + 2, stochasticDepth: 0.2 })],
  ['wideResnet', (n) => wideResnet({ depth: 6 * n + 4, widen: 2, dropout: 0.3 })],
  ['densenet with bottlenecks', (n) => densenet({ depth: 6 * n + 4, growth: 4, bottleneck: true, dropout: 0.2 })],
])('the nodes of a training step of %s grow linearly with depth', (_, ofSize) => {
  const [small, middle, large] = [4, 8, 12].map((n) => differentiate(ofSize(n)).nodes) as [number, number, number];
  expect(middle).toBeGreaterThan(small);
  expect(large - middle).toBe(middle - small);
});

test('a misspelt model is answered with the nearest name and where to look', () => {
  expect(() => findModel('resnet57')).toThrow('unknown model `resnet57`; did you mean resnet56?');
  expect(() => findModel('resnet51')).toThrow('did you mean resnet50?');
  expect(() => findModel('densenet40k12')).toThrow('unknown model `densenet40k12`; did you mean densenet40-k12?');
  expect(() => findModel('ResNet-20')).toThrow('did you mean resnet20?');
  expect(() => findModel('alexnet')).toThrow(/^unknown model `alexnet`$/);
  expect(() => findModel('alexnet')).toThrow(
    expect.objectContaining({ code: 'CONFIG', hint: 'skein models lists them' }),
  );
});

test('a published network can have other options, but not those that make it what it is', () => {
  const vary = (name: string, options: Record<string, unknown>) => models.get(name)?.vary(options);
  const masks = (network: Network) => buildNetwork(network, { batch: 2, training: true }).graph.inputs.size - 1;
  const dropped = vary('densenet40-k12', { dropout: 0.2 }) as Network;
  expect([dropped.name, dropped.options.dropout, masks(dropped)]).toEqual(['densenet40-k12', 0.2, 36 + 2]);
  expect(masks(vary('densenet121', { dropout: 0.2 }) as Network)).toBe(2 * (6 + 12 + 24 + 16) + 3);
  expect(vary('resnext50_32x4d', { zeroGamma: true })).toMatchObject({
    name: 'resnext50_32x4d',
    options: { zeroGamma: true, groups: 32 },
  });
  expect(() => vary('densenet40-k12', { growth: 24 })).toThrow('`growth` makes it what it is and cannot be changed');
  expect(() => vary('densenet40-k12', { droput: 0.2 })).toThrow(
    expect.objectContaining({
      message: 'densenet40-k12: it has no option `droput`; did you mean dropout?',
      hint: 'it has blocks, bottleneck, compression, stem, dropout',
    }),
  );
  expect(() => vary('densenet40-k12', { dropout: 'much' })).toThrow(
    'densenet40-k12: `dropout` must be a number of at least 0 and below 1, but is "much"',
  );
  expect(() => vary('resnet50', { stem: 'wide' })).toThrow('resnet50: `stem` must be plain or deep, but is "wide"');
  expect(() => vary('plain8', { shortcut: 'A' })).toThrow(expect.objectContaining({ hint: 'it has no options' }));
  expect(() => vary('plain8', { toString: 1 })).toThrow('plain8: it has no option `toString`');
});

// as earlier versions wrote them into config.yaml and checkpoints
test.each([
  ['resnet20', '{"depth":20,"shortcut":"A"}'],
  ['plain20', '{"depth":20}'],
  [
    'resnet50',
    '{"image":224,"depth":50,"stem":"plain","shortcut":"B","stochasticDepth":0,"groups":1,"widthPerGroup":64,"strideIn":"3x3","zeroGamma":false}',
  ],
  [
    'seresnet50',
    '{"image":224,"depth":50,"stem":"plain","shortcut":"B","stochasticDepth":0,"groups":1,"widthPerGroup":64,"strideIn":"3x3","zeroGamma":false,"squeeze":16}',
  ],
  ['preact-resnet164', '{"depth":164,"stochasticDepth":0}'],
  ['resnetv2_50', '{"depth":50,"stochasticDepth":0}'],
  ['wrn16-4', '{"depth":16,"widen":4,"dropout":0,"stochasticDepth":0}'],
  ['densenet40-k12', '{"depth":40,"growth":12,"blocks":3,"bottleneck":false,"compression":1,"stem":16,"dropout":0}'],
  [
    'densenet-bc22-k12',
    '{"depth":22,"growth":12,"blocks":3,"bottleneck":true,"compression":0.5,"stem":24,"dropout":0}',
  ],
  ['densenet121', '{"layers":[6,12,24,16],"growth":32,"stem":64,"dropout":0}'],
  ['vgg16-cifar-w16', '{"depth":16,"width":16}'],
  ['vgg11_bn', '{"depth":11,"batchNorm":true,"dropout":0.5}'],
])('%s records the options that it always has, in their order', (name, options) => {
  expect(JSON.stringify(findModel(name).options)).toBe(options);
});

test('what a name leaves open are the options that its row of the table has not', () => {
  const open = (name: string) => Object.keys(models.get(name)?.open ?? {});
  expect(open('plain20')).toEqual([]);
  expect(open('densenet-bc40-k12')).toEqual(['blocks', 'compression', 'stem', 'dropout']);
  expect(open('densenet40-k12')).toContain('bottleneck');
  for (const [name, { network, open: options, vary }] of models)
    for (const [key, { defaultText, about, takes }] of Object.entries(options)) {
      expect([about, takes, defaultText], `${name} ${key}`).not.toContain('');
      // the default is a value that it takes
      if (key in network.options) expect(vary({ [key]: network.options[key] }).options).toEqual(network.options);
    }
});

test('an option that a function has not is named, with the nearest', () => {
  expect(() => densenet({ depth: 40, growth: 12, droput: 0.2 } as never)).toThrow(
    'densenet: it has no option `droput`; did you mean dropout?',
  );
  expect(() => densenet({ depth: 40 } as never)).toThrow('`growth` must be a whole number of at least 1, but is undef');
  expect(() => resnet({ depth: 20, stem: 'deep' })).toThrow(
    'resnet for images up to 64 pixels wide: it has no option `stem`',
  );
  expect(() => preactResnet({ depth: 21 })).toThrow('preactResnet: depth must be 9n + 2');
  expect(() => wideResnet({ depth: 21, widen: 2 })).toThrow('21 is not; nearest are 16 and 22');
  expect(() => wideResnet({ depth: 16, widen: 0.5 })).toThrow('`widen` must be a whole number of at least 1');
});

test('the description of all models is what a table of them shows', () => {
  const described = describeModels();
  expect(described.map(({ name }) => name)).toEqual([...models.keys()]);
  expect(described.find(({ name }) => name === 'resnet20')).toEqual({
    name: 'resnet20',
    family: 'resnet',
    paper: 'arXiv:1512.03385',
    input: [3, 32, 32],
    classes: 10,
    params: 269_722,
    macs: 40_551_040,
    weights: [],
  });
});
