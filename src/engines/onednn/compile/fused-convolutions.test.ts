/** Small predictions, each compared with the evaluator, and what is left of them as instructions. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../../../tests/onednn-here.ts';
import {
  add,
  conv2d,
  defineProgram,
  freeze,
  Graph,
  initialState,
  matmul,
  type Program,
  relu,
  type Value,
} from '../../../ir/index.ts';
import { findModel, resnet } from '../../../models/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../../../tensor/index.ts';
import { evaluate } from '../../evaluator/evaluate.ts';
import { type Library, openLibrary } from '../library/index.ts';
import { compileProgram } from './compile-program.ts';
import { hostOn } from './host.ts';

const random = new Random('fused');
const normal = (shape: readonly number[]) =>
  tensor(
    'float32',
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
  );

const shape = [2, 16, 6, 6];

interface Parts {
  readonly x: Value;
  /** A convolution by a weight of its own, of as many channels. */
  readonly conv: (x: Value, groups?: number) => Value;
  readonly bias: () => Value;
  readonly constant: (shape: readonly number[]) => Value;
}

function program(build: (parts: Parts) => Record<string, Value>, from = shape): Program {
  const graph = new Graph({ training: false });
  const constant = (dims: readonly number[]) => graph.constant(normal(dims));
  const conv = (x: Value, groups = 1) =>
    conv2d(x, constant([16, 16 / groups, 3, 3]), { padding: [1, 1], stride: [1, 1], groups });
  const x = graph.input('x', { dtype: 'float32', shape: from });
  const outputs = build({ x, conv, constant, bias: () => constant([1, 16, 1, 1]) });
  return defineProgram({ name: 'small', graph, outputs: new Map(Object.entries(outputs)), updates: new Map() });
}

const absent = !oneDnnHere;

describe.skipIf(absent)('what follows a convolution', () => {
  let library: Library;
  beforeAll(async () => {
    library = (await openLibrary()) as Library;
  });
  afterAll(() => library.dispose());

  function compiled(what: Program) {
    return compileProgram(hostOn(library, 'float32'), what);
  }

  /** Twice, with other inputs: what a run leaves in memory must not matter. Gives the steps but reorders, and how often a map is copied first. */
  function expectRight(what: Program): { steps: string[]; copies: number } {
    const made = compiled(what);
    for (let round = 0; round < 2; round++) {
      const inputs = new Map<string, Tensor>();
      for (const [name, { type }] of what.graph.inputs) {
        const given = normal(type.shape);
        inputs.set(name, given);
        made.inputs.get(name)?.set(given.data);
      }
      for (const step of made.steps) step.run();
      const wide = [...inputs].map(
        ([name, { shape, data }]) => [name, { shape, data: Float64Array.from(data as Float32Array) }] as const,
      );
      const expected = evaluate(what, new Map(wide), new Map()).outputs;
      for (const [name, { data }] of expected) {
        const largest = data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
        const absolute = Math.max(2e-3, 1e-6 * largest);
        expect(made.outputs.get(name)?.data, name).toBeClose(data, { relative: 1e-4, absolute });
      }
    }
    const isReorder = (name: string) => name.startsWith('reorder');
    const steps = made.steps.map(({ name }) => name);
    const copies = made.implementations.filter(isReorder).length - steps.filter(isReorder).length;
    return { steps: steps.filter((name) => !isReorder(name)), copies };
  }

  const convolutions = (count: number) => Array.from({ length: count }, () => 'convolution forwardTraining');

  it('is done by it: a bias, a rectifier, both', () => {
    expect(expectRight(program(({ x, conv, bias }) => ({ y: add(conv(x), bias()) }))).steps).toEqual(convolutions(1));
    expect(expectRight(program(({ x, conv }) => ({ y: relu(conv(x)) }))).steps).toEqual(convolutions(1));
    const both = program(({ x, conv, bias }) => ({ y: relu(add(bias(), conv(x))) }));
    expect(expectRight(both).steps).toEqual(convolutions(1));
  });

  it('is added in the memory of a map that nothing reads later', () => {
    const block = program(({ x, conv, bias }) => {
      const shortcut = relu(add(conv(x), bias()));
      const inner = relu(add(conv(shortcut), bias()));
      return { y: relu(add(add(conv(inner), bias()), shortcut)) };
    });
    expect(expectRight(block)).toEqual({ steps: convolutions(3), copies: 0 });
  });

  it('is added to a copy of a map that is read later, or is an output', () => {
    const later = program(({ x, conv, bias }) => {
      const shortcut = relu(conv(x));
      const y = relu(add(add(conv(conv(shortcut)), bias()), shortcut));
      return { y, again: add(conv(y), shortcut) };
    });
    const { steps, copies } = expectRight(later);
    expect(steps).toEqual(convolutions(4));
    expect(copies).toBe(1);
    const kept = program(({ x, conv }) => {
      const shortcut = relu(conv(x));
      return { y: relu(add(conv(conv(shortcut)), shortcut)), shortcut };
    });
    expect(expectRight(kept).steps).toEqual(convolutions(3));
  });

  it('is added to a copy of the map that the convolution reads itself, of an input and of a constant', () => {
    const own = program(({ x, conv }) => {
      const map = relu(conv(x));
      return { y: relu(add(conv(map), map)) };
    });
    expect(expectRight(own)).toEqual({ steps: convolutions(2), copies: 1 });
    const given = program(({ x, conv }) => ({ y: relu(add(conv(relu(conv(x))), x)) }));
    expect(expectRight(given).steps).toEqual(convolutions(2));
    const fixed = program(({ x, conv, constant }) => ({ y: relu(add(conv(x), constant(shape))) }));
    expect(expectRight(fixed)).toEqual({ steps: convolutions(1), copies: 1 });
  });

  it('may be another convolution, of which one is added to the other', () => {
    const two = program(({ x, conv, bias }) => ({ y: relu(add(add(conv(x), bias()), add(conv(x), bias()))) }));
    expect(expectRight(two)).toEqual({ steps: convolutions(2), copies: 0 });
  });

  it('may be the same shortcut for two convolutions, the second of which takes its memory', () => {
    const shared = program(({ x, conv, bias }) => {
      const shortcut = relu(conv(x));
      const [a, b] = [conv(x), conv(x)].map((map) => relu(add(add(map, bias()), shortcut))) as [Value, Value];
      return { y: add(a, b) };
    });
    expect(expectRight(shared)).toEqual({ steps: [...convolutions(3), 'binary'], copies: 1 });
  });

  it('stays apart where a value between them is an output or read twice', () => {
    const before = program(({ x, conv, bias }) => {
      const sum = add(conv(x), bias());
      return { y: relu(sum), sum };
    });
    expect(expectRight(before).steps).toEqual([...convolutions(1), 'eltwise forwardInference']);
    const twice = program(({ x, conv, bias }) => {
      const map = conv(x);
      return { y: relu(add(map, bias())), z: relu(map) };
    });
    expect(expectRight(twice).steps).toContain('binary');
  });

  it('is not taken for a bias or a map where it is broadcast otherwise', () => {
    const odd = program(({ x, conv, constant }) => ({
      y: relu(add(conv(x), constant([2, 16, 1, 1]))),
      z: add(conv(x), constant([1, 1, 6, 6])),
    }));
    const additions = ['binary', 'loop add'];
    expect(expectRight(odd).steps.filter((name) => additions.includes(name))).toHaveLength(2);
  });

  it('is done for convolutions in groups and for products of matrices', () => {
    const groups = program(({ x, conv, bias }) => {
      const shortcut = relu(conv(x));
      return { y: relu(add(add(conv(relu(add(conv(shortcut, 4), bias())), 16), bias()), shortcut)) };
    });
    expect(expectRight(groups)).toEqual({ steps: convolutions(3), copies: 0 });
    const rows = program(
      ({ x, constant }) => ({ y: relu(add(matmul(x, constant([24, 10]), { transposeB: false }), constant([10]))) }),
      [32, 24],
    );
    expect(expectRight(rows).steps).toEqual(['matmul']);
  });

  it('leaves of a frozen network hardly more than its convolutions', () => {
    const count = (network: ReturnType<typeof resnet>, side: number) => {
      const graph = new Graph({ training: false });
      const image = graph.input('image', { dtype: 'float32', shape: [2, 3, side, side] });
      const logits = network.build(image, { classes: 10 });
      const outputs = new Map([['logits', logits]]);
      const frozen = freeze(
        defineProgram({ name: 'prediction', graph, outputs, updates: new Map() }),
        initialState(graph, 0),
      );
      const counts: Record<string, number> = {};
      for (const { name } of compiled(frozen).steps) counts[name] = (counts[name] ?? 0) + 1;
      return counts;
    };
    const small = count(resnet({ depth: 20 }), 32);
    // two shortcuts skip pixels and add channels
    expect(small).toMatchObject({ 'convolution forwardTraining': 19, 'convolution forwardInference': 2, matmul: 1 });
    expect(Object.keys(small).filter((name) => /^loop add|^binary|^batchNorm/.test(name))).toEqual([]);
    const dense = count(findModel('densenet121'), 64);
    expect(dense).toMatchObject({ 'convolution forwardTraining': 120, 'batchNormalization forwardInference': 62 });
    expect(Object.keys(dense).filter((name) => /^loop add|^binary|^batchNormalization forwardT/.test(name))).toEqual(
      [],
    );
  });
});
