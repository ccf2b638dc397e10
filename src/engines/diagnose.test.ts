import { expect, it } from 'vitest';
import { diagnose, type Engine, evaluator } from './index.ts';

it('does not trust an engine that computes something else', async () => {
  const wrong: Engine = {
    name: 'wrong',
    compile: async (programs, options) => {
      const right = await evaluator.compile(programs, options);
      return { ...right, read: async () => new Map() };
    },
  };
  expect(await diagnose(wrong)).toMatchObject({
    name: 'wrong',
    works: false,
    remedy: expect.stringContaining('install it again'),
  });
  expect((await diagnose(wrong)).problem).toContain('gives another weight than it should');
});
