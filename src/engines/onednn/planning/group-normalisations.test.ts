import { describe, expect, it } from 'vitest';
import { namesOf, smallProgram, unitOfKind, unitsOf } from '../../../../tests/small-program.ts';
import { gradients } from '../../../autodiff/index.ts';
import { add, batchStatistics, multiply, normalise, type Program, relu, sum, type Value } from '../../../ir/index.ts';
import type { NormalisationBackward, NormalisationForward } from './group-normalisations.ts';

interface Parts {
  readonly x: Value;
  readonly weight: Value;
  readonly bias: Value;
  readonly entry: (name: string, ...shape: number[]) => Value;
  readonly norm: (x: Value, of?: Value) => Value;
}

const small = (build: (parts: Parts) => Record<string, Value>, shape: readonly number[] = [2, 16, 4, 4]) =>
  smallProgram(({ input, entry }) => {
    const [x, weight, bias] = [input('x', ...shape), entry('weight', 16), entry('bias', 16)];
    const norm = (map: Value, of = map) => {
      const { mean, variance } = batchStatistics(of);
      return normalise(map, mean, variance, weight, bias, 1e-5);
    };
    return { outputs: build({ x, weight, bias, entry, norm }) };
  });

const forward = (program: Program) => unitOfKind<NormalisationForward>(program, 'normalisation');

describe('a batch norm', () => {
  it('measures, normalises and rectifies at once', () => {
    const program = small(({ x, norm }) => ({ y: relu(norm(x)) }));
    expect(namesOf(program)).toEqual(['normalisation']);
    expect(forward(program)).toMatchObject({ measures: true, rectifies: true, remembers: false, epsilon: 1e-5 });
    expect(forward(small(({ x, norm }) => ({ y: norm(x) })))).toMatchObject({ measures: true, rectifies: false });
  });

  it('gives its statistics to who else wants them', () => {
    const program = small(({ x, norm }) => ({ y: norm(x), twice: multiply(batchStatistics(x).mean, 2) }));
    expect(namesOf(program)).toEqual(['normalisation', 'multiply']);
    expect(forward(program).outputs).toHaveLength(3);
  });

  it('does not rectify where its own result is read twice, or is an output', () => {
    expect(namesOf(small(({ x, norm }) => ({ y: relu(norm(x)), z: multiply(norm(x), 2) })))).toEqual([
      'normalisation',
      'relu',
      'multiply',
    ]);
    expect(namesOf(small(({ x, norm }) => ({ y: relu(norm(x)), z: norm(x) })))).toEqual(['normalisation', 'relu']);
  });

  it('does not take a rectifier that comes before it', () => {
    expect(namesOf(small(({ x, norm }) => ({ y: norm(relu(x)) })))).toEqual(['relu', 'normalisation']);
  });

  it('does not measure what something else has measured', () => {
    const other = small(({ x, norm }) => ({ y: norm(x, multiply(x, 2)) }));
    expect(namesOf(other)).toEqual(['multiply', 'batchStatistics', 'normalisation']);
    expect(forward(other).measures).toBe(false);
    const mixed = small(({ x, weight, bias }) => {
      const [one, two] = [batchStatistics(x), batchStatistics(multiply(x, 2))];
      return { y: normalise(x, one.mean, two.variance, weight, bias, 1e-5) };
    });
    expect(forward(mixed).measures).toBe(false);
    const given = small(({ x, weight, bias, entry }) => ({
      y: normalise(x, entry('mean', 16), entry('variance', 16), weight, bias, 1e-5),
    }));
    expect(forward(given).measures).toBe(false);
  });

  it('measures once where two normalise by the same statistics', () => {
    const twice = small(({ x, norm, weight, entry }) => {
      const { mean, variance } = batchStatistics(x);
      return { y: norm(x), z: normalise(x, mean, variance, weight, entry('other', 16), 1e-5) };
    });
    const units = unitsOf(twice) as NormalisationForward[];
    expect(units.map(({ kind, measures }) => [kind, measures])).toEqual([
      ['normalisation', true],
      ['normalisation', false],
    ]);
  });

  it('stays apart on rows, which are no maps', () => {
    expect(namesOf(small(({ x, norm }) => ({ y: relu(norm(x)) }), [4, 16]))).toEqual([
      'batchStatistics',
      'normalise',
      'relu',
    ]);
  });
});

describe('the gradient of a batch norm', () => {
  /** Gradients of Σ relu(norm(x)) · target, and what else `more` wants of the graph. */
  const trained = (
    more: (nodeOutputs: (op: string) => Value[]) => Record<string, Value> = () => ({}),
    norm: (parts: Parts) => Value = ({ x, norm }) => relu(norm(x)),
  ) =>
    smallProgram(({ graph, input, entry }) => {
      const [x, target] = [input('x', 2, 16, 4, 4), input('target', 2, 16, 4, 4)];
      const [weight, bias] = [entry('weight', 16), entry('bias', 16)];
      const usual = (map: Value, of = map) => {
        const { mean, variance } = batchStatistics(of);
        return normalise(map, mean, variance, weight, bias, 1e-5);
      };
      const y = norm({ x, weight, bias, entry, norm: usual });
      const [dx, dweight, dbias] = gradients(sum(multiply(y, target)), [x, weight, bias]) as [Value, Value, Value];
      const ofOp = (op: string) => graph.nodes.filter((node) => node.op.name === op).flatMap(({ outputs }) => outputs);
      return { outputs: { dx, dweight, dbias, ...more(ofOp) } };
    });
  const backward = (program: Program) => unitOfKind<NormalisationBackward>(program, 'normalisationGradient');
  const parts = ['normaliseSums', 'normalise', 'reluGradient', 'batchStatistics'];
  const left = (program: Program) => namesOf(program).filter((name) => parts.includes(name));

  it('is one unit by all ways, with the rectifier', () => {
    const program = trained();
    const unit = backward(program);
    expect(unit).toMatchObject({ givenStatistics: false, centred: undefined });
    expect(unit.rectified?.kind).toBe('normalisation');
    expect(unit.rectified?.remembers).toBe(true);
    expect(left(program)).toEqual([]);
    expect([unit.dx, unit.dweight, unit.dbias]).toEqual(
      ['dx', 'dweight', 'dbias'].map((name) => program.outputs.get(name)),
    );
  });

  it('takes statistics that were given for constants', () => {
    const given = trained(undefined, ({ x, weight, bias, entry }) =>
      relu(normalise(x, entry('mean', 16), entry('variance', 16), weight, bias, 1e-5)),
    );
    expect(backward(given).givenStatistics).toBe(true);
    expect(left(given)).toEqual([]);
  });

  it('leaves a rectifier that is not its own, or whose gradient something else reads', () => {
    const apart = trained(undefined, ({ x, norm }) => relu(add(norm(x), x)));
    expect(backward(apart).rectified).toBeUndefined();
    expect(left(apart)).toContain('reluGradient');
    const output = trained((ofOp) => ({ g: ofOp('reluGradient')[0] as Value }));
    expect(backward(output).rectified).toBeUndefined();
    expect(left(output)).toEqual(['reluGradient']);
    const read = trained((ofOp) => ({ g: multiply(ofOp('reluGradient')[0] as Value, 2) }));
    expect(backward(read).rectified).toBeUndefined();
  });

  /** The gradient as if the statistics were constants. */
  const scaled = (ofOp: (op: string) => Value[]) =>
    ofOp('normalise').find(
      ({ source }) =>
        source.kind === 'node' &&
        source.node.inputs[0]?.source.kind === 'node' &&
        source.node.inputs[0].source.node.op.name === 'reluGradient',
    ) as Value;

  it('does not go all ways where a part of the way is an output, or is read twice', () => {
    expect(backward(trained((ofOp) => ({ scaled: scaled(ofOp) }))).givenStatistics).toBe(true);
    expect(backward(trained((ofOp) => ({ scaled: multiply(scaled(ofOp), 2) }))).givenStatistics).toBe(true);
  });

  it('gives the centred sum to who else wants it', () => {
    const [, centred] = [0, 1].map((at) => trained((ofOp) => ({ sum: ofOp('normaliseSums')[at] as Value })));
    expect(backward(centred as Program)).toMatchObject({ givenStatistics: false });
    expect(backward(centred as Program).centred).toBe(centred?.outputs.get('sum'));
    const read = trained((ofOp) => ({ sum: multiply(ofOp('normaliseSums')[1] as Value, 2) }));
    expect(backward(read).centred).toBeDefined();
  });
});
