import { describe, expect, it, test } from 'vitest';
import { evaluator } from '../engines/index.ts';
import { countParams, defineProgram, Graph, initialState, type Value } from '../ir/index.ts';
import { buildNetwork, type Network } from '../nn/index.ts';
import { type Tensor, tensor, zeros } from '../tensor/index.ts';
import { imageNetResnet, plain, resnet } from './index.ts';
import { joins } from './residual-shortcut.ts';

const graphOf = (network: Network) => buildNetwork(network, { batch: 1, training: false }).graph;
const parametersOf = (network: Network) => countParams(graphOf(network));
const nodesNamed = (network: Network, op: string) => graphOf(network).nodes.filter((node) => node.op.name === op);

describe('resnet', () => {
  it('names its state after its structure', () => {
    const names = [...graphOf(resnet({ depth: 8, shortcut: 'B' })).state.keys()];
    const norm = (path: string) => ['weight', 'bias', 'mean', 'variance'].map((entry) => `${path}.${entry}`);
    expect(names.slice(0, 5)).toEqual(['stem.conv1.weight', ...norm('stem.norm1')]);
    expect(names.filter((name) => name.startsWith('stage2'))).toEqual([
      'stage2.block1.conv1.weight',
      ...norm('stage2.block1.norm1'),
      'stage2.block1.conv2.weight',
      ...norm('stage2.block1.norm2'),
      'stage2.block1.shortcut.conv1.weight',
      ...norm('stage2.block1.shortcut.norm1'),
    ]);
    expect(names.slice(-2)).toEqual(['classifier.weight', 'classifier.bias']);
  });

  it('adds one shortcut around every block, the stages at 16, 32 and 64 channels', () => {
    const sums = nodesNamed(resnet({ depth: 20 }), 'add').filter(({ scope }) => scope !== '');
    expect(sums.map(({ scope, outputs: [y] }) => [scope, (y as Value).type.shape])).toEqual(
      [
        [16, 32],
        [32, 16],
        [64, 8],
      ].flatMap(([width, size], stage) =>
        [1, 2, 3].map((block) => [`stage${stage + 1}.block${block}`, [1, width, size, size]]),
      ),
    );
  });

  it('subsamples and pads with zeros on both sides for option A, which has no parameters', () => {
    const [first, second] = nodesNamed(resnet({ depth: 20 }), 'pad').map(({ attributes }) => attributes);
    expect(first).toMatchObject({ before: [0, 8, 0, 0], after: [0, 8, 0, 0] });
    expect(second).toMatchObject({ before: [0, 16, 0, 0], after: [0, 16, 0, 0] });
    expect(nodesNamed(resnet({ depth: 20 }), 'slice').map(({ attributes }) => attributes.steps)).toEqual([
      [2, 2],
      [2, 2],
    ]);
  });

  it('projects where the shape changes for option B: 272,474 parameters at depth 20', () => {
    expect(parametersOf(resnet({ depth: 20, shortcut: 'B' }))).toBe(272_474);
  });

  it("builds the article's depth of 50 with eight blocks a stage", () => {
    const network = resnet({ depth: 50 });
    expect(network).toMatchObject({ name: 'resnet50', options: { depth: 50, shortcut: 'A' } });
    expect(nodesNamed(network, 'conv2d')).toHaveLength(1 + 3 * 8 * 2);
  });

  it('takes other images up to 64 pixels and other numbers of classes', () => {
    for (const [channels, height, width] of [
      [1, 28, 28],
      [3, 64, 64],
      [4, 33, 17],
    ] as const) {
      const image = { channels, height, width };
      const { logits } = buildNetwork(resnet({ depth: 8 }), { batch: 2, image, classes: 7, training: true });
      expect(logits.type.shape).toEqual([2, 7]);
    }
  });

  it('says which images it takes when they are larger', () => {
    const image = { channels: 3, height: 224, width: 224 };
    expect(() => buildNetwork(resnet({ depth: 20 }), { batch: 1, image, training: false })).toThrow(
      'resnet20: it takes images up to 64×64 pixels (made for 32×32), but they are 224×224',
    );
  });

  it('names the nearest depths where one is not possible', () => {
    expect(() => resnet({ depth: 21 })).toThrow(
      'resnet: depth must be 6n + 2 for images up to 64 pixels wide; 21 is not; nearest are 20 and 26',
    );
    expect(() => resnet({ depth: 101 })).toThrow('nearest are 98 and 104');
    expect(() => plain({ depth: 9 })).toThrow('plain: depth must be 6n + 2');
    for (const depth of [2, 7, -4]) expect(() => resnet({ depth })).toThrow('the least is 8');
    for (const depth of [20.5, Number.NaN])
      expect(() => resnet({ depth })).toThrow(`\`depth\` must be a whole number, but is ${depth}`);
  });

  it("builds Table 1's form for larger images, where any size fits that the maps do not run out of", () => {
    const network = resnet({ depth: 50, image: 224 });
    expect(network).toMatchObject({ name: 'resnet50', image: { height: 224 }, classes: 1000 });
    for (const [height, width] of [
      [224, 224],
      [97, 61],
      [32, 32],
    ] as const) {
      const image = { channels: 1, height, width };
      const { logits } = buildNetwork(network, { batch: 2, image, classes: 7, training: true });
      expect(logits.type.shape).toEqual([2, 7]);
    }
    expect(resnet({ depth: 18, image: 128 }).image).toMatchObject({ height: 128, width: 128 });
    expect(resnet({ depth: 20, image: 28 }).image).toMatchObject({ height: 28, width: 28 });
    expect(() => resnet({ depth: 20, image: 224 })).toThrow('`depth` must be one of 18, 34, 50, 101, 152, but is 20');
  });

  it('has the stride in the 1×1 convolution where that is asked for, at equal parameters', () => {
    const [first, second] = (['1x1', '3x3'] as const).map((strideIn) => imageNetResnet({ depth: 50, strideIn }));
    const strides = (network: Network) =>
      nodesNamed(network, 'conv2d')
        .filter(({ scope }) => scope === 'stage2.block1')
        .map(({ attributes }) => attributes.stride[0]);
    expect([strides(first!), strides(second!)]).toEqual([
      [2, 1, 1],
      [1, 2, 1],
    ]);
    expect(parametersOf(first!)).toBe(parametersOf(second!));
  });

  it('averages odd maps for a shortcut D as if nothing stood outside them', async () => {
    // torch.nn.AvgPool2d(2, ceil_mode=True, count_include_pad=False) of 1…15 as [3, 5]
    const graph = new Graph({ training: false });
    const x = graph.input('x', { dtype: 'float32', shape: [1, 1, 3, 5] });
    const y = graph.input('y', { dtype: 'float32', shape: [1, 1, 2, 3] });
    joins.D(x, y, 2);
    const averages = graph.nodes.find((node) => node.op.name === 'averagePool2d')?.outputs[0] as Value;
    const program = defineProgram({ name: 'D', graph, outputs: new Map([['y', averages]]), updates: new Map() });
    const executable = await evaluator.compile({ program });
    const inputs = new Map([
      [
        'x',
        tensor(
          'float32',
          [1, 1, 3, 5],
          Float32Array.from({ length: 15 }, (_, i) => i + 1),
        ),
      ],
      ['y', zeros('float32', [1, 1, 2, 3])],
    ]);
    await executable.load(initialState(graph, 0));
    expect([...((await executable.run('program', inputs)).get('y') as Tensor).data]).toEqual([
      4, 6, 7.5, 11.5, 13.5, 15,
    ]);
  });

  it('starts as the identity with zero gamma, and drops later blocks more often', () => {
    const network = imageNetResnet({ depth: 18, zeroGamma: true, stochasticDepth: 0.4, image: 64 });
    const { graph } = buildNetwork(network, { batch: 2, training: true });
    const state = initialState(graph, 0);
    const last = [...state].filter(([name]) => name.startsWith('stage') && name.endsWith('norm2.weight'));
    expect(last.every(([, { data }]) => data.every((v) => v === 0))).toBe(true);
    expect(last).toHaveLength(8);
    const rates = [...graph.inputs.values()].flatMap(({ source }) =>
      source.kind === 'input' && source.provide ? [Number(source.provide.note)] : [],
    );
    expect(rates.map((rate) => rate.toFixed(2))).toEqual([
      '0.05',
      '0.10',
      '0.15',
      '0.20',
      '0.25',
      '0.30',
      '0.35',
      '0.40',
    ]);
  });

  it('refuses a shortcut that it does not know', () => {
    expect(() => resnet({ depth: 20, shortcut: 'C' as 'A' })).toThrow('`shortcut` must be A or B, but is "C"');
  });
});

test('plain is resnet with the shortcuts left out: the same layers and parameters, no sums', () => {
  for (const depth of [8, 20, 56]) {
    const [network, control] = [resnet({ depth }), plain({ depth })];
    expect([...graphOf(control).state.keys()]).toEqual([...graphOf(network).state.keys()]);
    expect(parametersOf(control)).toBe(parametersOf(network));
    expect(nodesNamed(control, 'add').filter(({ scope }) => scope !== '')).toEqual([]);
  }
});
