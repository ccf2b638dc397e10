import { expect, it } from 'vitest';
import { nameLines, namesWidth } from './name-lines.ts';

it('breaks a long name between words, and cuts what is beyond two lines', () => {
  expect(nameLines('resnet20', 12)).toEqual(['resnet20']);
  expect(nameLines('residual network of depth', 16)).toEqual(['residual network', 'of depth']);
  expect(nameLines('one two three four five six', 9)).toEqual(['one two', 'three fo…']);
});

it('breaks Chinese where it has no spaces, an ideograph being two columns wide', () => {
  const lines = nameLines('缩放残差分支的残差网络', 14);
  expect(lines.join('')).toBe('缩放残差分支的残差网络');
  expect(lines).toHaveLength(2);
  expect(namesWidth([lines])).toBeLessThanOrEqual(Math.ceil(7.4 * 14));
});
