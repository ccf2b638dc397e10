import { expect, test } from 'vitest';
import { settingText, settingTexts } from './setting-text.ts';

test('settings read as after their flags', () => {
  expect(settingText(128)).toBe('128');
  expect(settingText(undefined)).toBe('none');
  expect(settingText([])).toBe('none');
  expect(settingText({ channels: 3, height: 32, width: 24 })).toBe('3×32×24');
  expect(
    settingText([
      { name: 'padCrop', pad: 4, fill: 0 },
      { name: 'flip', probability: 0.5 },
    ]),
  ).toBe('padCrop:pad=4,fill=0,flip:probability=0.5');
  expect(settingText({ name: 'adamw', betas: [0.9, 0.999], nesterov: true, own: false })).toBe(
    'adamw:betas=0.9/0.999,nesterov,own=false',
  );
  expect(settingText(['ant', 'bee'])).toBe('ant, bee');
  expect(settingText(['a', 'b', 'c', 'd', 'e', 'f'])).toBe('a, b, c, d, e, … (6)');
});

test('of a part that has other options, these alone are shown', () => {
  const cosine = { name: 'cosine', lr: 0.1, final: 0, warmup: 0 };
  expect(settingTexts(cosine, { ...cosine, lr: 0.2 })).toEqual(['cosine:lr=0.1', 'cosine:lr=0.2']);
  expect(settingTexts(cosine, { name: 'step', lr: 0.1 })).toEqual(['cosine:lr=0.1,final=0,warmup=0', 'step:lr=0.1']);
  expect(settingTexts({ name: 'sgd' }, { name: 'sgd', momentum: 0.9 })).toEqual([
    'sgd:momentum=none',
    'sgd:momentum=0.9',
  ]);
});
