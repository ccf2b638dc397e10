/** No step of a network may fall into the library's slow loops, which it calls `ref`. */
import { afterAll, describe, expect, it } from 'vitest';
import { type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { freeze, type Program } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { sgd } from '../src/nn/index.ts';
import { zeros } from '../src/tensor/index.ts';
import { predictionProgram, stepProgram } from '../src/train/index.ts';
import { enginesHere } from './engines-here.ts';

const library = enginesHere.some(({ name }) => name === 'onednn') ? ((await openLibrary()) as Library) : undefined;
afterAll(() => library?.dispose());

/** Each once. A sum has no other implementation for blocked tensors, and is as fast as the memory all the same. */
function slowOnes(program: Program): string[] {
  const session = new Session(library as Library);
  const implementations = session.compile(new Map([['program', program]])).get('program')?.implementations;
  session.dispose();
  return [...new Set(implementations)].filter((name) => name.includes('ref') && !name.startsWith('sum')).sort();
}

describe.runIf(library).each([
  ['resnet20', 32],
  ['densenet-bc100-k12', 32],
  ['resnet50', 64],
  ['densenet121', 64],
])('%s uses no slow primitive', (name, size) => {
  const network = findModel(name);
  const options = {
    network,
    image: { channels: 3, height: size, width: size },
    classes: network.classes ?? 10,
    batchSize: 2,
    optimiser: sgd(),
  };

  it('in training', () => expect(slowOnes(stepProgram(options))).toEqual([]));

  it('in prediction', () => {
    const program = predictionProgram(options);
    const state = new Map([...program.graph.state].map(([entry, { type }]) => [entry, zeros('float32', type.shape)]));
    expect(slowOnes(freeze(program, state))).toEqual([]);
  });
});
