/** No step of a network may fall into the library's slow loops, which it calls `ref`, or into loops of our own that read whole maps. */

import { afterAll, describe, expect, it } from 'vitest';
import { type Precision, precisions } from '../src/engines/index.ts';
import { type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { freeze, type Program } from '../src/ir/index.ts';
import { findModel, models } from '../src/models/index.ts';
import type { Network } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { predictionProgram, stepProgram } from '../src/step/index.ts';
import { zeros } from '../src/tensor/index.ts';
import { enginesHere } from './engines-here.ts';
import { oneDnnHere } from './onednn-here.ts';

const library = enginesHere.some(({ name }) => name === 'onednn') ? ((await openLibrary()) as Library) : undefined;
afterAll(() => library?.dispose());

/** The first of each family, and those with something that their family's first has not. */
const networks = new Map<string, Network>();
for (const [name, { network, family }] of models) {
  const isFirst = ![...networks.keys()].some((known) => models.get(known)?.family === family);
  if (isFirst) networks.set(name, network);
}
const others: readonly (readonly [string, Readonly<Record<string, unknown>>])[] = [
  ['resnet20', {}],
  ['resnet50', { stochasticDepth: 0.2 }],
  ['densenet-bc100-k12', {}],
  ['densenet40-k12', { dropout: 0.2 }],
  ['wrn28-10', { dropout: 0.3 }],
  ['vgg16_bn', {}],
];
for (const [name, options] of others) {
  const words = Object.entries(options).map(([key, value]) => ` with ${key} ${value}`);
  networks.set(`${name}${words.join('')}`, words.length > 0 ? models.get(name)!.vary(options) : findModel(name));
}

/**
 * What is slow: primitives by their implementations, each once, and the share of the bytes that loops of our own read and write. A sum has no
 * other implementation for blocked tensors, and is as fast as the memory all the same.
 */
function slowness(program: Program, precision: Precision): { primitives: string[]; loops: number } {
  const session = new Session(library as Library, precision);
  try {
    const compiled = session.compile(new Map([['program', program]])).get('program');
    const slow = compiled?.implementations.filter((name) => name.includes('ref') && !name.startsWith('sum'));
    const steps = [...(compiled?.steps ?? []), ...(compiled?.updates ?? [])];
    const bytesOf = (some: typeof steps) => some.reduce((bytes, step) => bytes + step.bytes, 0);
    const loops = bytesOf(steps.filter(({ name }) => name.startsWith('loop '))) / bytesOf(steps);
    return { primitives: [...new Set(slow)].sort(), loops };
  } finally {
    session.dispose();
  }
}

function expectFast(program: Program, precision: Precision): void {
  const { primitives, loops } = slowness(program, precision);
  expect(primitives).toEqual([]);
  expect(loops).toBeLessThan(0.02);
}

const here = precisions.filter((precision) => precision !== 'bf16' || oneDnnHere?.bfloat16);

describe.runIf(library).each(here)('in %s', (precision) => {
  describe.each([...networks])('%s uses no slow primitive, and hardly a loop', (_, network) => {
    const size = network.classes === 1000 ? 64 : 32;
    const options = {
      network,
      image: { channels: 3, height: size, width: size },
      classes: network.classes ?? 10,
      batchSize: 8,
      optimiser: sgd({ momentum: 0.9, weightDecay: 1e-4 }),
    };

    it('in training', () => expectFast(stepProgram(options), precision));

    it('in prediction', () => {
      const program = predictionProgram(options);
      expectFast(program, precision);
      const state = new Map([...program.graph.state].map(([entry, { type }]) => [entry, zeros('float32', type.shape)]));
      expectFast(freeze(program, state), precision);
    });
  });
});
