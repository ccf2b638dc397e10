import { expect, test } from 'vitest';
import { flip } from '../augmentations/index.ts';
import { Random } from '../tensor/index.ts';
import { augmentationFrom } from './module-augmentation.ts';
import { receivedAugmentations, sentAugmentations } from './sent-augmentation.ts';

const module = new URL('../../tests/thread-augmentation.ts', import.meta.url);
const text = (code: string) => new URL(`data:text/javascript,${encodeURIComponent(code)}`);
const image = { channels: 1, height: 2, width: 2, pixels: Uint8Array.of(0, 1, 2, 3) };

test('an augmentation of a module is sent by its URL, and is the same where it arrives', async () => {
  const own = await augmentationFrom(module, { most: 7 });
  expect(own).toMatchObject({ name: 'brighten', options: { most: 7, inThread: 'brighten' } });
  const sent = sentAugmentations([flip(), own]);
  expect(sent).toEqual([
    { name: 'flip', options: { probability: 0.5 } },
    { name: 'brighten', options: { most: 7, inThread: 'brighten' }, module: module.href },
  ]);
  const received = await receivedAugmentations(structuredClone(sent ?? []));
  for (const [i, one] of [flip(), own].entries())
    expect(received[i]?.apply({ image, label: 0 }, new Random(3))).toEqual(
      one.apply({ image, label: 0 }, new Random(3)),
    );
});

test('a function that was made elsewhere is not sent', () => {
  const own = { name: 'own', options: {}, apply: flip().apply };
  expect(sentAugmentations([flip(), own])).toBeUndefined();
});

test('a module that is not there, has no augmentation or several, or other options, is refused with what it has', async () => {
  const part = (name: string) =>
    `Object.assign(() => {}, { from: () => ({ name: '${name}', options: {}, apply: (x) => x }) })`;
  const cases: [URL | string, RegExp][] = [
    ['./fog.js', /expected a module's URL, but got `\.\/fog\.js`/],
    [new URL('./none.js', module), /none\.js: cannot be imported/],
    [text('export const density = 1'), /exports an augmentation, but it exports density/],
    [text(`export const a = ${part('a')}, b = ${part('b')}`), /expected one augmentation/],
    [text('export default Object.assign(() => {}, { from: () => ({}) })'), /has no `apply`/],
  ];
  for (const [url, message] of cases) await expect(augmentationFrom(url), String(url)).rejects.toThrow(message);
  expect(await augmentationFrom(text(`export const a = ${part('a')}; export default ${part('b')}`))).toMatchObject({
    name: 'b',
  });
  await expect(augmentationFrom(module, { fog: 1 })).rejects.toThrow('it has no option `fog`');
});
