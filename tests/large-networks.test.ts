/** The largest published networks: their whole training steps are built, differentiated and written as ONNX. */

import { expect, it } from 'vitest';
import { liveNodes } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import type { ImageSize } from '../src/nn/index.ts';
import { portableLowerings, toOnnx } from '../src/onnx/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { parametersOf, stepProgram } from '../src/step/index.ts';

it.each([
  ['resnet152', 60_192_808],
  ['densenet264', 33_337_704],
])('a training step of %s at 224×224 is built, differentiated and written as ONNX', (name, params) => {
  const network = findModel(name);
  const { image, classes = 0 } = network;
  const step = stepProgram({ network, image: image as ImageSize, classes, batchSize: 4, optimiser: sgd() });
  const parameters = parametersOf(step);
  const size = parameters.reduce((sum, [, { type }]) => sum + type.shape.reduce((product, n) => product * n, 1), 0);
  expect(size).toBe(params);
  const updated = parameters.filter(([parameter]) => step.updates.get(parameter)?.source.kind === 'node');
  expect(updated.length).toBe(parameters.length);
  const { bytes, nodes } = toOnnx(step, { lowerings: portableLowerings });
  expect(nodes).toBeGreaterThanOrEqual(liveNodes(step).length);
  // weights are no part of the model: it grows with the number of nodes alone
  expect(bytes.length).toBeLessThan(400 * nodes);
});
