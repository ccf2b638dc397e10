/** New state on oneDNN, whatever reads the old one and however it is written: against the evaluator, run after run. */
import { afterAll, describe, expect, it } from 'vitest';
import { evaluator } from '../src/engines/index.ts';
import { type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import {
  add,
  concat,
  conv2d,
  defineProgram,
  Graph,
  initialState,
  matmul,
  multiply,
  normalise,
  type Program,
  pad,
  relu,
  reshape,
  slice,
  subtract,
  sum,
  sumOfSquares,
  type Value,
} from '../src/ir/index.ts';
import { Random, type Shape, sizeOf, tensor } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';
import './to-be-close.ts';

const library = enginesHere.some(({ name }) => name === 'onednn') ? ((await openLibrary()) as Library) : undefined;
afterAll(() => library?.dispose());

interface Made {
  readonly updates?: Readonly<Record<string, Value>>;
  readonly outputs?: Readonly<Record<string, Value>>;
}
type Entry = (name: string, shape: Shape) => Value;
type Input = (name: string, shape: Shape) => Value;

const random = new Random('updates');
const draw = (shape: Shape) => Float32Array.from({ length: sizeOf(shape) }, () => random.normal());

function programOf(make: (entry: Entry, input: Input) => Made): Program {
  const graph = new Graph({ training: true });
  const entry: Entry = (name, shape) => graph.entry(name, shape, 'parameter', draw);
  const input: Input = (name, shape) => graph.input(name, { dtype: 'float32', shape });
  const { updates = {}, outputs = {} } = make(entry, input);
  return defineProgram({
    name: 'updates',
    graph,
    outputs: new Map(Object.entries(outputs)),
    updates: new Map(Object.entries(updates)),
  });
}

const weights = [32, 16, 3, 3];
const maps = [2, 32, 4, 4];
const first = (x: Value, channels: number, start = 0) =>
  slice(x, { axes: [1], starts: [start], stops: [start + channels] });

const cases: Readonly<Record<string, (entry: Entry, input: Input) => Made>> = {
  'a sum whose old value comes last': (entry, input) => {
    const velocity = entry('velocity', weights);
    return { updates: { velocity: add(input('gradient', weights), multiply(velocity, 0.9)) } };
  },
  'a mean that forgets': (entry, input) => {
    const mean = entry('mean', weights);
    return { updates: { mean: add(mean, multiply(subtract(input('x', weights), mean), 0.1)) } };
  },
  'an old value and a multiple known at run time, also as an output': (entry, input) => {
    const weight = entry('weight', weights);
    const next = add(weight, multiply(input('gradient', weights), input('rate', [])));
    return { updates: { weight: next }, outputs: { next } };
  },
  'an old value that something else reads later': (entry, input) => {
    const [weight, other] = [entry('weight', weights), entry('other', weights)];
    const next = add(weight, multiply(input('gradient', weights), input('rate', [])));
    return { updates: { weight: next, other: add(multiply(other, 0.5), multiply(weight, next)) } };
  },
  'a product with itself': (entry, input) => {
    const vector = entry('vector', [20, 20]);
    return { updates: { vector: matmul(vector, input('matrix', [20, 20])) } };
  },
  'the value before': (entry, input) => {
    const now = entry('now', weights);
    entry('before', weights);
    return { updates: { now: add(now, input('x', weights)), before: now } };
  },
  'two that change places': (entry) => {
    const [one, other] = [entry('one', weights), entry('other', weights)];
    return { updates: { one: other, other: one } };
  },
  'a view of what changes': (entry) => {
    const one = entry('one', [600]);
    entry('other', [20, 30]);
    return { updates: { one: add(one, 1), other: multiply(reshape(one, [20, 30]), 2) } };
  },
  'the norm of what a convolution reads': (entry, input) => {
    const weight = entry('weight', [64, 64, 3, 3]);
    const y = conv2d(input('x', [1, 64, 5, 5]), weight, { padding: [1, 1] });
    return { updates: { weight: multiply(weight, 0.99) }, outputs: { y, norm: sumOfSquares(weight) } };
  },
  'a part that is an output beside its sum': (_, input) => {
    const x = relu(conv2d(input('x', [2, 16, 4, 4]), input('w', [32, 16, 1, 1])));
    const part = first(x, 16);
    return { outputs: { part, y: add(part, first(x, 16, 16)), whole: x } };
  },
  'a part of a join that goes on': (_, input) => {
    const x = relu(conv2d(input('x', [2, 16, 4, 4]), input('w', [32, 16, 1, 1])));
    const once = concat([x, first(x, 16)]);
    const twice = concat([once, first(x, 16, 16)]);
    const y = add(first(twice, 32), input('added', maps));
    return { outputs: { y, total: sum(once), again: relu(once) } };
  },
  'a batch norm whose shift counts behind a join that goes on': (entry, input) => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => input(name, [2, 16, 4, 4])) as [Value, Value, Value];
    const behind = (channels: number) => ({ before: [0, 0, 0, 0], after: [0, channels, 0, 0] });
    const once = pad(concat([first(a, 10), first(b, 4)]), behind(2));
    const twice = pad(concat([first(once, 14), first(c, 12)]), behind(6));
    const [mean, weight, bias] = ['mean', 'weight', 'bias'].map((name) => entry(name, [16])) as [Value, Value, Value];
    return { outputs: { twice, y: normalise(once, mean, input('variance', [16]), weight, bias, 10) } };
  },
  'a part of state': (entry, input) => {
    const kept = entry('kept', maps);
    return { outputs: { y: add(first(kept, 16), input('x', [2, 16, 4, 4])) }, updates: { kept: multiply(kept, 0.5) } };
  },
};

describe.runIf(library)('oneDNN computes as the evaluator does', () => {
  it.each(Object.entries(cases))('%s', async (_, make) => {
    const program = programOf(make);
    const session = new Session(library as Library);
    try {
      const truth = await evaluator.compile({ it: program });
      session.compile(new Map([['it', program]]));
      const state = initialState(program.graph, 1);
      session.load(state);
      await truth.load(state);
      for (let run = 0; run < 3; run++) {
        const inputs = new Map(
          [...program.graph.inputs].map(([name, { type }]) => [name, tensor('float32', type.shape, draw(type.shape))]),
        );
        const [given, expected] = [session.run('it', inputs), await truth.run('it', inputs)];
        const close = { relative: 1e-4, absolute: 1e-4 };
        for (const [name, { data }] of expected) expect(given.get(name)?.data, name).toBeClose(data, close);
        const found = session.read();
        for (const [name, { data }] of await truth.read()) expect(found.get(name)?.data, name).toBeClose(data, close);
      }
    } finally {
      session.dispose();
    }
  });
});
