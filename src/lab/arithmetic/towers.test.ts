/** Gradients of towers whose norms can be written down, and those of a small one against differences of its loss. */
import { describe, expect, it } from 'vitest';
import { gradients } from '../../autodiff/index.ts';
import { evaluator } from '../../engines/index.ts';
import { defineProgram, type Program, type Value } from '../../ir/index.ts';
import { Random, type Tensor, tensor } from '../../tensor/index.ts';
import { normOutputs, normsFrom } from './gradient-norms.ts';
import { type TowerKind, type TowerOptions, towerProgram, towerState } from './towers.ts';

const image = { channels: 1, height: 4, width: 4 };
const small = { width: 1, growth: 1, batchSize: 2, image, classes: 3 };
const linearTower = (kind: TowerKind, depth: number): Program =>
  towerProgram({ ...small, kind, depth, rectifies: false });

const inputsOf = ({ batchSize }: Pick<TowerOptions, 'batchSize'>, scale = 1) => {
  const random = new Random('towers');
  const pixels = Float32Array.from({ length: batchSize * 16 }, () => random.normal());
  return new Map<string, Tensor>([
    ['image', tensor('float32', [batchSize, 1, 4, 4], pixels)],
    [
      'labels',
      tensor(
        'int32',
        [batchSize],
        Int32Array.from({ length: batchSize }, (_, i) => i),
      ),
    ],
    ['scale', tensor('float32', [], Float32Array.of(scale))],
  ]);
};

/** Kernels that multiply each pixel of each channel by `c`, and a head that weighs all channels alike. */
function multiplying(program: Program, c: number): Map<string, Tensor> {
  const state = towerState(program, 'he', 0);
  for (const [name, { shape }] of state) {
    const data = (state.get(name) as Tensor).data as Float32Array;
    const inputs = shape[1] as number;
    for (const i of data.keys())
      if (shape.length > 1) data[i] = shape.length === 4 ? (i % 9 === 4 ? c : 0) : 1 + Math.floor(i / inputs);
  }
  return state;
}

async function run(program: Program, state: Map<string, Tensor>, inputs: Map<string, Tensor>) {
  const executable = await evaluator.compile({ tower: program });
  await executable.load(state);
  return executable.run('tower', inputs);
}

const normsAt = async (program: Program, c: number, scale?: number): Promise<number[]> =>
  normsFrom(await run(program, multiplying(program, c), inputsOf(small, scale)));

/** Each by the last one. */
const relative = (norms: readonly number[]) => norms.map((norm) => norm / (norms.at(-1) as number));

const expectClose = (found: readonly number[], expected: readonly number[]) => {
  expect(found).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect((found[i] as number) / value).toBeCloseTo(1, 4);
  });
};

describe('without rectifiers, a gradient on its way back', () => {
  it('is multiplied by each layer of a plain tower', async () => {
    expectClose(relative(await normsAt(linearTower('plain', 5), 0.5)), [1 / 16, 1 / 8, 1 / 4, 1 / 2, 1]);
  });

  it('is multiplied by 1 and the branch in each block of a residual one', async () => {
    // a branch has two convolutions
    const factor = 1 + 0.3 * 2 * 2;
    expectClose(relative(await normsAt(linearTower('residual', 6), 2, 0.3)), [factor ** 2, factor, 1]);
  });

  it('adds up over the layers that read it in a dense one', async () => {
    expectClose(relative(await normsAt(linearTower('dense', 4), 0.5)), [1.5 ** 3, 1.5 ** 2, 1.5, 1]);
  });

  it('keeps its norm where branches start at 0', async () => {
    const program = towerProgram({ ...small, kind: 'residual', depth: 8, width: 3 });
    const norms = normsFrom(await run(program, towerState(program, 'zero', 1), inputsOf(small)));
    expect(norms[0]).toBeGreaterThan(0);
    expectClose(relative(norms), [1, 1, 1, 1]);
  });

  it('is read where its square is no float32 any more, and is 0 where itself is none', async () => {
    const found = relative(await normsAt(linearTower('plain', 12), 1e-3));
    expectClose(found.slice(2), [1e-27, 1e-24, 1e-21, 1e-18, 1e-15, 1e-12, 1e-9, 1e-6, 1e-3, 1]);
  });
});

it.each(['plain', 'residual', 'dense'] as const)(
  'a rectified %s tower has the norms that differences of its loss have',
  async (kind) => {
    const options = { ...small, width: 2, kind, depth: 2 };
    const program = towerProgram(options);
    const weights = [...program.graph.state].filter(([, { type }]) => type.shape.length === 4);
    const loss = program.outputs.get('loss') as Value;
    const outputs = normOutputs(
      gradients(
        loss,
        weights.map(([, value]) => value),
      ),
    );
    const state = towerState(program, 'he', 3);
    const inputs = inputsOf(options);
    const norms = normsFrom(await run(defineProgram({ ...program, outputs: new Map(outputs) }), state, inputs));
    const lossAt = async (name: string, place: number, by: number) => {
      const data = Float32Array.from((state.get(name) as Tensor).data as Float32Array);
      data[place] = (data[place] as number) + by;
      const moved = new Map(state).set(name, tensor('float32', (state.get(name) as Tensor).shape, data));
      return ((await run(program, moved, inputs)).get('loss') as Tensor<'float32'>).data[0] as number;
    };
    const step = 2 ** -6;
    for (const [i, [name]] of weights.entries()) {
      let square = 0;
      for (const place of (state.get(name) as Tensor).data.keys())
        square += (((await lossAt(name, place, step)) - (await lossAt(name, place, -step))) / (2 * step)) ** 2;
      expect(Math.sqrt(square) / (norms[i] as number)).toBeCloseTo(1, 1);
    }
  },
);

describe('initialisation', () => {
  const deviation = (program: Program, name: string, initialisation: 'he' | 'small' | 'zero') => {
    const { data } = towerState(program, initialisation, 0).get(name) as Tensor<'float32'>;
    return Math.sqrt(data.reduce((total, value) => total + value * value, 0) / data.length);
  };

  it('has the standard deviation of its name', () => {
    const program = towerProgram({ ...small, kind: 'residual', depth: 2, width: 32 });
    expect(deviation(program, 'layer1.first.weight', 'he')).toBeCloseTo(Math.sqrt(2 / (9 * 32)), 2);
    expect(deviation(program, 'layer1.first.weight', 'small')).toBeCloseTo(0.01, 3);
    expect(deviation(program, 'layer1.last.weight', 'zero')).toBe(0);
    expect(deviation(program, 'layer1.first.weight', 'zero')).toBeGreaterThan(0.05);
  });
});
