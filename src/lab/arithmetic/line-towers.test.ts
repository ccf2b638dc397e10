/** Gradients of fully connected towers along a line, where they are known. */
import { describe, expect, it } from 'vitest';
import { evaluator } from '../../engines/index.ts';
import { initialState } from '../../ir/index.ts';
import { type Tensor, tensor } from '../../tensor/index.ts';
import { autocorrelation } from './line-correlation.ts';
import { type LineTowerOptions, lineTowerProgram } from './line-towers.ts';

const points = 12;
const small = { depth: 3, width: 5, growth: 2, points };
const grid = Float32Array.from({ length: points }, (_, i) => -2 + (4 * i) / (points - 1));

async function gradientOf(options: LineTowerOptions, at = grid, state?: Map<string, Tensor>, scale = 1) {
  const program = lineTowerProgram(options);
  const executable = await evaluator.compile({ line: program });
  await executable.load(state ?? initialState(program.graph, 4));
  const inputs = new Map<string, Tensor>([
    ['points', tensor('float32', [points, 1], at)],
    ['reference', tensor('float32', [points, 1], grid)],
    ['scale', tensor('float32', [], Float32Array.of(scale))],
  ]);
  return ((await executable.run('line', inputs)).get('gradient') as Tensor<'float32'>).data;
}

const joins = ['plain', 'residual', 'dense'] as const;

describe.each(joins)('a %s tower', (join) => {
  it.each([false, true])('that is linear has one gradient everywhere (batch norm: %s)', async (norm) => {
    const values = await gradientOf({ ...small, join, norm, rectifies: false });
    expect(Math.abs(values[0] as number)).toBeGreaterThan(1e-4);
    for (const value of autocorrelation({ values, dimension: 1 }, points - 1)) expect(value).toBeCloseTo(1, 5);
  });

  it('has another gradient behind a rectifier’s turn', async () => {
    const values = await gradientOf({ ...small, join, norm: false });
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it('takes the statistics of its batch norms from the reference, not from the points', async () => {
    const whole = await gradientOf({ ...small, join, norm: true });
    // all points at one place: its gradient stays what it was
    const third = new Float32Array(points).fill(grid[2] as number);
    const alone = await gradientOf({ ...small, join, norm: true }, third);
    for (const value of alone) expect(value).toBeCloseTo(whole[2] as number, 5);
  });
});

it('is the first and the last weight where residual branches count nothing', async () => {
  const options = { ...small, join: 'residual' as const, norm: false };
  const state = initialState(lineTowerProgram(options).graph, 9);
  const [first, last] = ['first.weight', 'last.weight'].map((name) => (state.get(name) as Tensor<'float32'>).data);
  const expected = (first as Float32Array).reduce((sum, w, i) => sum + w * ((last as Float32Array)[i] as number), 0);
  for (const value of await gradientOf(options, grid, state, 0)) expect(value).toBeCloseTo(expected, 5);
});
