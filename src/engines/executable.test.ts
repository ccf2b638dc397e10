/** What every engine promises about its executables. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { oneDnnHere } from '../../tests/onednn-here.ts';
import { add, defineProgram, finite, Graph, multiply, sum } from '../ir/index.ts';
import { EngineError, type Tensor, tensor } from '../tensor/index.ts';
import { type Executable, evaluator, onednn, onnxruntime } from './index.ts';

const vector = (...numbers: number[]) => tensor('float32', [numbers.length], Float32Array.from(numbers));
const numbersOf = (found: Tensor | undefined) => Array.from(found?.data as Float32Array);

/** y = total + x, and total ← y unless Σ y is not finite. */
function accumulate() {
  const graph = new Graph({ training: true });
  const x = graph.input('x', { dtype: 'float32', shape: [2] });
  const total = graph.entry('total', [2], 'parameter', () => new Float32Array(2));
  const y = add(total, x);
  return defineProgram({
    name: 'accumulate',
    graph,
    outputs: new Map([['y', y]]),
    updates: new Map([['total', y]]),
    guard: finite(sum(y)),
  });
}

/** z = 2 · total, on the same state. */
function double(extent = 2) {
  const graph = new Graph({ training: false });
  const total = graph.entry('total', [extent], 'parameter', () => new Float32Array(extent));
  return defineProgram({
    name: 'double',
    graph,
    outputs: new Map([['z', multiply(total, 2)]]),
    updates: new Map(),
  });
}

const engines = [evaluator, onnxruntime, ...(oneDnnHere ? [onednn] : [])];

describe.each(engines)('an executable of the $name engine', (engine) => {
  const compile = () => engine.compile({ accumulate: accumulate(), double: double() }, { threads: 1 });
  let executable: Executable;
  beforeAll(async () => {
    executable = await compile();
  });
  afterAll(() => executable.dispose());

  const add1 = new Map([['x', vector(1, 1)]]);
  const start = (...total: number[]) => executable.load(new Map([['total', vector(...total)]]));
  const failure = (promise: Promise<unknown>) =>
    promise.then(
      () => 'no error',
      (error: unknown) => (error instanceof EngineError ? error.message : `not an EngineError: ${error}`),
    );

  it('keeps state as float32 after each run, so that what is read is all that the next run starts from', async () => {
    await start(1, 2);
    const little = new Map([['x', vector(2 ** -26, 2 ** -26)]]);
    // in float64 they would add up to what a float32 shows
    for (let run = 0; run < 64; run++) await executable.run('accumulate', little);
    expect(numbersOf((await executable.read(['total'])).get('total'))).toEqual([1, 2]);
  });

  it('keeps what a run updates, for every entry point', async () => {
    await start(1, 2);
    expect(numbersOf((await executable.run('accumulate', add1)).get('y'))).toEqual([2, 3]);
    expect(numbersOf((await executable.run('double', new Map())).get('z'))).toEqual([4, 6]);
    expect(numbersOf((await executable.run('accumulate', add1)).get('y'))).toEqual([3, 4]);
    expect(numbersOf((await executable.read()).get('total'))).toEqual([3, 4]);
  });

  it('leaves the state alone where the guard is false, and gives the outputs all the same', async () => {
    await start(1, 2);
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { y } = Object.fromEntries(await executable.run('accumulate', new Map([['x', vector(bad, 1)]])));
      expect(numbersOf(y)).toEqual([bad, 3]);
      expect(numbersOf((await executable.read()).get('total'))).toEqual([1, 2]);
    }
    await executable.run('accumulate', add1);
    expect(numbersOf((await executable.read()).get('total'))).toEqual([2, 3]);
  });

  it('reads and takes copies, so that changing a tensor outside changes nothing inside', async () => {
    const given = vector(1, 2);
    await executable.load(new Map([['total', given]]));
    given.data.fill(9);
    const read = (await executable.read(['total'])).get('total') as Tensor;
    expect(numbersOf(read)).toEqual([1, 2]);
    (read.data as Float32Array).fill(7);
    expect(numbersOf((await executable.read(['total'])).get('total'))).toEqual([1, 2]);
    const y = (await executable.run('accumulate', add1)).get('y') as Tensor;
    (y.data as Float32Array).fill(5);
    expect(numbersOf((await executable.read()).get('total'))).toEqual([2, 3]);
  });

  it('answers calls in their order, also when they are not awaited one by one', async () => {
    await start(0, 0);
    const runs = await Promise.all(Array.from({ length: 20 }, () => executable.run('accumulate', add1)));
    expect(runs.map((outputs) => numbersOf(outputs.get('y'))[0])).toEqual(runs.map((_, i) => i + 1));
  });

  it('says which entry point, input or state entry is wrong', async () => {
    await start(1, 2);
    expect(await failure(executable.run('train', add1))).toBe(
      'run: no entry point `train`; there are accumulate, double',
    );
    expect(await failure(executable.run('accumulate', new Map()))).toBe('run accumulate: `x` is missing');
    expect(await failure(executable.run('accumulate', new Map([...add1, ['lr', vector(1)]])))).toBe(
      'run accumulate: `lr` is not one of x',
    );
    expect(await failure(executable.run('accumulate', new Map([['x', vector(1, 2, 3)]])))).toBe(
      'run accumulate: expected `x` to be float32 [2], but got float32 [3]',
    );
    const integers = tensor('int32', [2], Int32Array.of(1, 2));
    expect(await failure(executable.run('accumulate', new Map([['x', integers]])))).toBe(
      'run accumulate: expected `x` to be float32 [2], but got int32 [2]',
    );
    expect(await failure(executable.read(['momentum']))).toBe('read: no state entry `momentum`');
    expect(await failure(executable.load(new Map()))).toBe('load: `total` is missing');
    expect(await failure(executable.load(new Map([['total', vector(1)]])))).toBe(
      'load: expected `total` to be float32 [2], but got float32 [1]',
    );
    // nothing of this has changed the state
    expect(numbersOf((await executable.read()).get('total'))).toEqual([1, 2]);
  });

  it('tells what it runs on', async () => {
    expect(await executable.plan()).toMatchObject({ engine: engine.name, threads: 1 });
  });

  it('runs and reads nothing before the state is loaded, nor after it was disposed of, which may happen twice', async () => {
    const other = await compile();
    const calls = () => [other.run('accumulate', add1), other.run('double', new Map()), other.read(['total'])];
    const unusable = async () => {
      for (const message of await Promise.all(calls().map(failure)))
        expect(message).not.toMatch(/^(no error|not an EngineError)/);
    };
    await unusable();
    await other.load(new Map([['total', vector(1, 2)]]));
    await other.dispose();
    await other.dispose();
    await unusable();
  });
});

describe.each(engines)('compiling with the $name engine', (engine) => {
  it('refuses entry points that disagree about a state entry', async () => {
    await expect(engine.compile({ accumulate: accumulate(), double: double(3) })).rejects.toThrow(
      new EngineError('compile: state `total` is [3] in double but [2] elsewhere'),
    );
  });
});
