import { describe, expect, it } from 'vitest';
import { widen } from '../../tests/widen.ts';
import { evaluate, onnxruntime } from '../engines/index.ts';
import { densenet, resnet } from '../models/index.ts';
import { gradientsProgram, stepInputs } from '../step/index.ts';
import { Random, type Tensor } from '../tensor/index.ts';
import {
  type Array64,
  add,
  allReduce,
  defineProgram,
  Graph,
  initialState,
  multiply,
  type Program,
  relu,
  segments,
  sum,
} from './index.ts';

const samples = 4;
const options = { image: { channels: 1, height: 8, width: 8 }, classes: 3, batchSize: samples } as const;
const ranks = { rank: 0, samples: [samples], syncBatchNorm: true };
const networks = { resnet8: resnet({ depth: 8 }), densenet: densenet({ depth: 7, growth: 4 }) };

function fedTo(program: Program): Map<string, Tensor> {
  const random = new Random('segments');
  const batch = {
    images: Float32Array.from({ length: samples * 64 }, () => random.normal()),
    labels: Int32Array.of(0, 1, 2, 1),
    weights: new Float32Array(samples).fill(1),
  };
  return stepInputs(program, batch, 0, 0, 0, { share: 1 });
}

type Arrays = ReadonlyMap<string, Array64>;

/** One after the other, each with no more than what was left for it; what remains in the end. */
function inPieces(program: Program, inputs: Arrays, state: Arrays) {
  const left = new Map<string, Array64>();
  const found = segments(program).map(({ program: piece, leaves, reduced, done }) => {
    const fed = [...piece.graph.inputs.keys()].map((name) => [name, left.get(name) ?? inputs.get(name)] as const);
    const result = evaluate(piece, new Map(fed as [string, Array64][]), state);
    for (const name of leaves) left.set(name, result.outputs.get(name) as Array64);
    if (reduced) left.set(reduced.to, left.get(reduced.from) as Array64);
    for (const name of done) expect(left.delete(name), name).toBe(true);
    return result;
  });
  return { last: found.at(-1) as (typeof found)[number], remaining: [...left.keys()] };
}

describe.each(Object.entries(networks))('the segments of a step of %s', (_, network) => {
  const program = gradientsProgram({ ...options, network, ranks });
  const state = initialState(program.graph, 0);
  const inputs = fedTo(program);

  it('are one more than its reductions, and give what the whole gives', () => {
    const reductions = program.graph.nodes.filter(({ op }) => op.name === 'allReduce').length;
    expect(segments(program)).toHaveLength(reductions + 1);
    const whole = evaluate(program, widen(inputs), widen(state));
    const { last, remaining } = inPieces(program, widen(inputs), widen(state));
    expect(last).toEqual(whole);
    expect(remaining).toEqual([]);
  });

  it('give it on ONNX Runtime too', async () => {
    const executable = await onnxruntime.compile({ gradients: program }, { threads: 1 });
    try {
      await executable.load(state);
      const outputs = await executable.run('gradients', inputs);
      const whole = evaluate(program, widen(inputs), widen(state));
      const after = await executable.read();
      for (const [name, { data }] of whole.outputs)
        expect(outputs.get(name)?.data, name).toBeClose(data, { relative: 1e-3, absolute: 1e-4 });
      for (const [name, { data }] of whole.updates)
        expect(after.get(name)?.data, name).toBeClose(data, { relative: 1e-3, absolute: 1e-4 });
    } finally {
      await executable.dispose();
    }
  });
});

describe('segments of small programs', () => {
  const graph = new Graph({ training: true });
  const x = graph.input('x', { dtype: 'float32', shape: [3] });
  const weight = graph.entry('weight', [3], 'parameter', () => new Float32Array(3));
  const inputs = new Map([['x', { shape: [3], data: Float64Array.of(-1, 2, 3) }]]);
  const state = new Map([['weight', { shape: [3], data: Float64Array.of(5, 6, 7) }]]);

  it.each(
    Object.entries({
      'that reduce an input': allReduce(x),
      'that reduce state and read it again': add(allReduce(weight), weight),
      'that reduce twice without anything between': allReduce(allReduce(relu(x))),
      'that read what came long before': add(relu(x), multiply(allReduce(sum(allReduce(multiply(x, 2)))), relu(x))),
    }),
  )('%s give what the whole gives', (_, y) => {
    const outputs = new Map([['y', y]]);
    const program = defineProgram({ name: 'small', graph, outputs, updates: new Map([['weight', relu(x)]]) });
    const { last, remaining } = inPieces(program, inputs, state);
    expect(last).toEqual(evaluate(program, inputs, state));
    expect(remaining).toEqual([]);
  });

  it('without reductions are the program itself', () => {
    const program = defineProgram({ name: 'small', graph, outputs: new Map([['y', relu(x)]]), updates: new Map() });
    expect(segments(program).map((segment) => segment.program)).toEqual([program]);
  });
});
