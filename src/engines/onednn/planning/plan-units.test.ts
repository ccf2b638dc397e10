import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  convolution,
  convolutionCase,
  joining,
  joiningCase,
  normalisation,
  normalisationCase,
  packing,
  packingCase,
  repetition,
  repetitionCase,
  type Sampled,
  shortcut,
  shortcutCase,
} from '../../../../tests/random-maps.ts';
import { nameOf, smallProgram, unitsOf } from '../../../../tests/small-program.ts';
import { add, allReduce, conv2d, greater, liveNodes, multiply, ops, relu, sum, type Value } from '../../../ir/index.ts';
import { densenet, findModel, preactResnet, resnet } from '../../../models/index.ts';
import { sgd } from '../../../optimisers/index.ts';
import { stepProgram } from '../../../step/index.ts';
import { EngineError } from '../../../tensor/index.ts';
import { planUnits } from './plan-units.ts';

it('computes outputs and guard before what only new state needs', () => {
  const program = smallProgram(({ input, entry, constant }) => {
    const [x, weight] = [input('x', 4, 4), entry('weight', 4, 4)];
    const next = multiply(weight, constant(4, 4));
    const shared = relu(x);
    return {
      updates: { weight: multiply(next, shared) },
      outputs: { y: shared },
      guard: greater(sum(x), 0),
    };
  });
  const { early, late } = planUnits(program, 16);
  expect(early.map(nameOf)).toEqual(['relu', 'sum', 'greater']);
  expect(late.map(nameOf)).toEqual(['multiply', 'multiply']);
});

describe('reductions over all ranks', () => {
  it('come before the guard is looked at, which may be false on one rank alone', () => {
    const program = smallProgram(({ input, entry }) => {
      const [x, weight] = [input('x', 4, 4), entry('weight', 4, 4)];
      return {
        updates: { weight: multiply(allReduce(weight), 2) },
        outputs: { y: relu(x) },
        guard: greater(sum(x), 0),
      };
    });
    const { early, late } = planUnits(program, 16);
    expect(early.map(nameOf)).toContain('allReduce');
    expect(late.map(nameOf)).toEqual(['multiply']);
  });

  it('keep their order, also where a group needs a later one early', () => {
    const program = smallProgram(({ input, entry }) => {
      const [x, weight] = [input('x', 2, 16, 4, 4), entry('weight', 16, 16, 1, 1)];
      const convolved = conv2d(x, weight);
      const [first, second] = [allReduce(relu(x)), allReduce(multiply(x, 3))];
      return { outputs: { y: add(convolved, second), first } };
    });
    const units = unitsOf(program);
    expect(units.map(nameOf)).toContain('fusedConvolution');
    expect(units.flatMap(({ outputs: [y] }) => turnOf(y as Value))).toEqual([0, 1]);
  });

  it('are refused where they cannot keep it', () => {
    const program = smallProgram(({ graph, input }) => {
      const x = input('x', 4);
      const [late] = graph.apply(ops.allReduce, [x], { turn: 1 });
      return { outputs: { y: graph.apply(ops.allReduce, [late as Value], { turn: 0 })[0] as Value } };
    });
    expect(() => planUnits(program, 16)).toThrow(EngineError);
    expect(() => planUnits(program, 16)).toThrow('reduction 1 comes before 0');
  });
});

const turnOf = ({ source }: Value): number[] =>
  source.kind === 'node' && source.node.op === ops.allReduce ? [source.node.attributes.turn] : [];

it('leaves out what no result needs', () => {
  const program = smallProgram(({ input }) => {
    const x = input('x', 4, 4);
    relu(multiply(x, 2));
    return { outputs: { y: multiply(x, 3) } };
  });
  expect(unitsOf(program).map(nameOf)).toEqual(['multiply']);
});

/** Whatever else is an output: all that units read is made before. */
describe('makes everything before it is read, whichever value between is an output too, of', () => {
  const check = <Case>(cases: fc.Arbitrary<Case>, sample: (of: Case) => Sampled) =>
    fc.assert(
      fc.property(cases, fc.array(fc.nat(), { maxLength: 2 }), (of, picks) => {
        const { program } = sample(of);
        const between = liveNodes(program).flatMap(({ outputs }) => outputs);
        const more = picks.map((pick) => [`between${pick}`, between[pick % between.length] as Value] as const);
        const units = unitsOf({ ...program, outputs: new Map([...program.outputs, ...more]) });
        expect(new Set(units.flatMap(({ outputs }) => outputs)).size).toBe(
          units.flatMap(({ outputs }) => outputs).length,
        );
      }),
      { numRuns: 200, seed: 1 },
    );

  it('batch norms', () => check(normalisationCase, normalisation));
  it('convolutions', () => check(convolutionCase, convolution));
  it('joins', () => check(joiningCase, joining));
  it('joins without gaps', () => check(packingCase, packing));
  it('repeated arithmetic', () => check(repetitionCase, repetition));
  it('shortcuts', () => check(shortcutCase, shortcut));
});

describe('a training step of', () => {
  const kinds = (network: Parameters<typeof stepProgram>[0]['network'], recompute: 'none' | 'dense' = 'none') => {
    const image = { channels: 3, height: 32, width: 32 };
    const units = unitsOf(stepProgram({ network, image, classes: 10, batchSize: 2, optimiser: sgd(), recompute }));
    const counts: Record<string, number> = {};
    for (const unit of units) counts[nameOf(unit)] = (counts[nameOf(unit)] ?? 0) + 1;
    return counts;
  };
  const apart = ['normalise', 'normaliseSums', 'batchStatistics'];

  it.each([
    ['resnet20', findModel('resnet20')],
    ['seresnet50', findModel('seresnet50')],
    ['vgg11-cifar', findModel('vgg11-cifar')],
  ])('%s leaves no part of a batch norm alone', (_, network) => {
    const counts = kinds(network);
    expect(Object.keys(counts).filter((name) => apart.includes(name))).toEqual([]);
    expect(counts.normalisationGradient).toBe(counts.normalisation);
  });

  it.each([
    ['a pre-activation network', preactResnet({ depth: 20 })],
    ['a network with projections', resnet({ depth: 14, shortcut: 'B' })],
  ])('%s leaves the way through the statistics alone where a shortcut reads the map too', (_, network) => {
    const counts = kinds(network);
    expect(Object.keys(counts).filter((name) => apart.includes(name))).toEqual(['normalise']);
    expect(counts.normalisationGradient).toBe(counts.normalisation);
  });

  it('a dense network has one gradient for each batch norm', () => {
    const counts = kinds(densenet({ depth: 22, growth: 12, bottleneck: true }), 'dense');
    expect(counts.normaliseSums).toBeUndefined();
    expect(counts.normalisationGradient).toBeGreaterThan(15);
  });
});
