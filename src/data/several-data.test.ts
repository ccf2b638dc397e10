import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import sharp from 'sharp';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { compareSplit } from './compare-split.ts';
import type { Dataset } from './dataset.ts';
import { keptSplit } from './kept-split.ts';
import { findData, loadData } from './load-data.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'skein-several-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (...names: string[]) => join(folder, ...names);

/** Empty files: only their names matter. */
async function put(...names: string[]): Promise<void> {
  for (const name of names) {
    await mkdir(dirname(at(name)), { recursive: true });
    await writeFile(at(name), '');
  }
}

/** `class: id` for each sample of each part, and the problems without the folder. */
async function found(...names: string[]) {
  const { name, classes, parts, problems } = await findData(names.map((each) => at(each)));
  const samples = Object.entries(parts).map(([part, { labels, ids }]) => [
    part,
    Array.from(labels ?? [], (label, i) => `${classes[label]}: ${ids?.[i]}`),
  ]);
  const said = problems.map(({ severity, kind, message }) => [severity, kind, message.replaceAll(`${folder}/`, '')]);
  return {
    ...(Object.fromEntries(samples) as Partial<Record<'all' | 'train' | 'validation' | 'test', string[]>>),
    name,
    classes,
    problems: said,
  };
}

it('joins folders: classes by name, ids by where each is from, whichever is given first', async () => {
  await put('a/cat/1.jpg', 'a/dog/1.jpg', 'b/dog/1.jpg', 'b/ant/1.jpg', 'b/ant/2.jpg');
  expect(await found('a', 'b')).toEqual({
    name: 'a+b',
    classes: ['ant', 'cat', 'dog'],
    all: ['cat: a/cat/1.jpg', 'dog: a/dog/1.jpg', 'ant: b/ant/1.jpg', 'ant: b/ant/2.jpg', 'dog: b/dog/1.jpg'],
    problems: [
      [
        'warning',
        'single image',
        'a + b: there is a single image of `cat`: none can be held out, so accuracy says nothing of it',
      ],
    ],
  });
  const other = await found('b', 'a');
  expect(other.classes).toEqual(['ant', 'cat', 'dog']);
  expect(other.all).toContain('cat: a/cat/1.jpg');
});

it('keeps the order of the first where it has all classes, as a table of numbers', async () => {
  await put('x/2/1.jpg', 'x/10/1.jpg', 'images/1.jpg', 'images/2.jpg');
  await writeFile(at('t.csv'), 'image,label\n1.jpg,10\n2.jpg,2\n');
  expect((await found('t.csv', 'x')).classes).toEqual(['2', '10']);
  expect((await found('x', 't.csv')).classes).toEqual(['10', '2']);
  await put('x/0/1.jpg');
  expect((await found('t.csv', 'x')).classes).toEqual(['0', '2', '10']);
});

it('joins splits; what has none of its own is trained on', async () => {
  await put('a/train/x/1.jpg', 'a/train/y/1.jpg', 'a/val/x/2.jpg', 'b/x/1.jpg', 'b/y/2.jpg', 'c/test/y/1.jpg');
  expect(await found('a', 'b', 'c')).toMatchObject({
    train: ['x: a/train/x/1.jpg', 'y: a/train/y/1.jpg', 'x: b/x/1.jpg', 'y: b/y/2.jpg'],
    validation: ['x: a/val/x/2.jpg'],
    test: ['y: c/test/y/1.jpg'],
  });
  expect((await found('a', 'c')).problems.filter(([severity]) => severity === 'error')).toEqual([]);
});

it('two folders of one class each are data for a classifier; a class that only the test has is an error', async () => {
  await put('cats/cat/1.jpg', 'cats/cat/2.jpg', 'dogs/dog/1.jpg', 't/test/cow/1.jpg', 't/test/dog/1.jpg');
  expect((await found('cats', 'dogs')).problems.filter(([severity]) => severity === 'error')).toEqual([]);
  expect((await found('cats', 'dogs', 't')).problems).toContainEqual([
    'error',
    'unknown class',
    'cats + dogs + t: expected only classes that are in train, but there is nothing to train on of `cow`',
  ]);
  expect((await found('t')).problems.map(([, kind]) => kind)).toContain('no training images');
});

it('says once what is nearly one class in two folders', async () => {
  await put('a/cat/1.jpg', 'a/Dog/1.jpg', 'b/cat/1.jpg', 'b/dog/1.jpg', 'c/x y/1.jpg', 'c/x_y/1.jpg');
  const near = (await found('a', 'b', 'c')).problems
    .filter(([, kind]) => kind === 'near names')
    .map(([, , text]) => text);
  expect(near).toEqual([
    'c: `x y` and `x_y` are nearly the same name, but count as 2 classes',
    'a + b + c: `Dog` and `dog` are nearly the same name, but count as 2 classes',
  ]);
});

it('folders of one name are told apart by the folders that they are in; one given twice is refused', async () => {
  await put('2023/photos/a/1.jpg', '2024/photos/b/1.jpg', 'more/c/1.jpg');
  expect((await found('2023/photos', '2024/photos', 'more')).all).toEqual([
    'a: 2023/photos/a/1.jpg',
    'b: 2024/photos/b/1.jpg',
    'c: more/c/1.jpg',
  ]);
  await expect(findData([at('more'), `${at('more')}/`])).rejects.toThrow(/is given twice/);
  await expect(findData([])).rejects.toThrow('data: expected a name or a path, but got an empty list');
});

it('a table and the folder of its images are not two datasets', async () => {
  await put('photos/a/1.jpg', 'photos/b/1.jpg');
  await writeFile(at('t.csv'), 'image,label\nphotos/a/1.jpg,a\nphotos/b/1.jpg,b\n');
  await expect(findData([at('photos'), at('t.csv')])).rejects.toThrow(
    /expected other images than those of .*1.jpg is in both/,
  );
});

it('images of another size or colour are refused by name', async () => {
  await put('photos/a/1.jpg', 'photos/b/1.jpg');
  await expect(findData([at('photos'), 'fashion-mnist-sample'])).rejects.toThrow(
    /^fashion-mnist-sample: expected images as those of .*photos, 224×224 in colour, but they are 28×28 grey/,
  );
});

it('joins what is read with what is read, and each sample is the one of its id', async () => {
  for (const [name, red] of Object.entries({ 'a/x/1.png': 10, 'a/y/1.png': 20, 'b/y/1.png': 30, 'b/x/1.png': 40 })) {
    await mkdir(dirname(at(name)), { recursive: true });
    await sharp({ create: { width: 4, height: 4, channels: 3, background: { r: red, g: 0, b: 0 } } })
      .png()
      .toFile(at(name));
  }
  const { train, validation, normalisation } = await loadData([at('a'), at('b')], { size: 4 });
  const samples = await Promise.all(
    [train, validation as Dataset].flatMap((dataset) =>
      Array.from({ length: dataset.length }, async (_, i) => {
        const { image, label } = await dataset.read(i);
        return [dataset.ids?.[i], dataset.classes[label], image.pixels[0]];
      }),
    ),
  );
  expect(samples.sort()).toEqual([
    ['a/x/1.png', 'x', 10],
    ['a/y/1.png', 'y', 20],
    ['b/x/1.png', 'x', 40],
    ['b/y/1.png', 'y', 30],
  ]);
  expect(train.source).toEqual([at('a'), at('b')]);
  expect(train.images?.paths).toHaveLength(train.length);
  expect(normalisation.mean).toEqual([0.485, 0.456, 0.406]);
  expect(await train.sizes?.()).toHaveLength(train.length);
  const again = await findData([at('b'), at('a')], { size: 4 });
  const kept = { samples: keptSplit({ train, validation: validation as Dataset }) };
  expect((await compareSplit(kept, again)).changes).toEqual({ added: 0, missing: 0, changed: 0 });
});
