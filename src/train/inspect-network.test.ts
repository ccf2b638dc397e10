import { expect, it } from 'vitest';
import { findModel } from '../models/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { inspectNetwork } from './inspect-network.ts';

it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 0])('a memory of %s bytes is refused', (memoryBytes) => {
  const inspect = () => inspectNetwork(findModel('resnet8'), { memoryBytes });
  expect(inspect).toThrow(ConfigError);
  expect(inspect).toThrow(`resnet8: \`memoryBytes\` must be a number above 0, but is ${memoryBytes}`);
});
