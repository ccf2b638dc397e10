import { expect, test } from 'vitest';
import { evaluator } from '../engines/index.ts';
import { densenet } from '../models/index.ts';
import { sgd } from '../optimisers/index.ts';
import { stepProgram } from '../step/index.ts';
import { type Tensor, zeros } from '../tensor/index.ts';
import { initialState, programFromData, programToData } from './index.ts';

test('a training step that was sent as data computes the same, and has the same inputs and state in the same order', async () => {
  const network = densenet({ depth: 10, growth: 4, bottleneck: true, dropout: 0.2 });
  const image = { channels: 3, height: 8, width: 8 };
  const step = stepProgram({ network, image, classes: 3, batchSize: 2, optimiser: sgd(), recompute: 'dense' });
  const sent = programFromData(structuredClone(programToData(step)));
  expect([...sent.graph.inputs.keys()]).toEqual([...step.graph.inputs.keys()]);
  expect([...sent.graph.state.keys()]).toEqual([...step.graph.state.keys()]);
  expect(sent.savesMemory).toBe(true);
  const inputs = new Map<string, Tensor>();
  for (const [name, { type }] of step.graph.inputs) {
    const tensor = zeros(type.dtype, type.shape);
    (tensor.data as Float32Array).forEach((_, i) => {
      tensor.data[i] = type.dtype === 'int32' ? i % 3 : Math.sin(i);
    });
    inputs.set(name, tensor);
  }
  const run = async (program: typeof step) => {
    const executable = await evaluator.compile({ program });
    await executable.load(initialState(step.graph, 1));
    return [await executable.run('program', inputs), await executable.read()];
  };
  expect(await run(sent)).toEqual(await run(step));
});
