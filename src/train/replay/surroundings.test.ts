import { expect, test } from 'vitest';
import { changedSurroundings } from './surroundings.ts';

const config = { engine: 'onnxruntime', threads: 2, versions: { skein: '0.1.0', node: 'v20.19.0' } };

test('what is another one now is told with both values, versions included', () => {
  const now = { engine: 'onednn', threads: 2, skein: '0.1.0', node: 'v20.20.0' };
  expect(changedSurroundings(config, now)).toEqual([
    { what: 'engine', recorded: 'onnxruntime', now: 'onednn' },
    { what: 'node', recorded: 'v20.19.0', now: 'v20.20.0' },
  ]);
});

test('what an earlier version did not record, and what is not known now, is not compared', () => {
  expect(changedSurroundings(config, { processor: 'a fast one', threads: undefined })).toEqual([]);
  expect(changedSurroundings({}, { engine: 'onednn' })).toEqual([]);
});
