import { expect, test } from 'vitest';
import { compareSplit, type KeptData } from './compare-split.ts';
import type { Dataset } from './dataset.ts';
import { keptSplit, parseSplit, splitText } from './kept-split.ts';
import { memoryDataset } from './memory-dataset.ts';
import { splitTrainValidation } from './split-train-validation.ts';
import { subset } from './subset.ts';

const classes = ['ant', 'bee'];

const records = (labels: readonly number[], name = 'tiny/train'): Dataset =>
  memoryDataset({ name, classes, channels: 1, height: 1, width: 1, pixels: new Uint8Array(labels.length), labels });

/** Files called after their classes. */
const files = (ids: readonly string[], sizeOf: (id: string) => number = () => 9): Dataset => ({
  ...records(ids.map((id) => (id.startsWith('ant') ? 0 : 1))),
  ids,
  sizes: async () => ids.map(sizeOf),
});

const photos = Array.from({ length: 40 }, (_, i) => `${i % 2 ? 'ant' : 'bee'}/${i}.png`);

async function keptOf(dataset: Dataset, test?: Dataset): Promise<KeptData> {
  const splits = { ...(await splitTrainValidation(dataset, { fraction: 0.25 })), ...(test && { test }) };
  const samples = keptSplit(splits);
  const sizes = await Promise.all(Object.values(splits).map((part) => part.sizes?.()));
  return { samples, ...(dataset.sizes && { sizes: sizes.flatMap((of) => Array.from(of ?? [])) }) };
}

const idsIn = (kept: KeptData, split: string) =>
  kept.samples.filter((sample) => sample.split === split).map(({ id }) => id);

test('the kept split is found again, whatever is added, missing or of another size', async () => {
  const kept = await keptOf(files(photos));
  const [first, second] = idsIn(kept, 'validation') as [string, string];
  const trained = idsIn(kept, 'train')[0] as string;
  const now = ['ant/new.png', 'bee/new.png', ...photos.filter((id) => id !== first && id !== trained)];
  const { isOwn, splits, fresh, changes } = await compareSplit(kept, {
    parts: { all: files(now, (id) => (id === second ? 10 : 9)) },
  });
  expect(isOwn).toBe(true);
  expect(changes).toEqual({ added: 2, missing: 2, changed: 1 });
  expect(splits.validation?.ids).toEqual(idsIn(kept, 'validation').slice(1));
  expect(splits.train?.ids).toEqual(idsIn(kept, 'train').slice(1));
  expect(fresh?.ids).toEqual(['ant/new.png', 'bee/new.png']);
});

test('a file in the folder of another class is another one', async () => {
  const kept = await keptOf(files(photos));
  const moved = photos.map((id) => (id === 'ant/1.png' ? 'bee/1.png' : id));
  expect((await compareSplit(kept, { parts: { all: files(moved) } })).changes).toEqual({
    added: 1,
    missing: 1,
    changed: 0,
  });
});

test('other data with the same names is other data', async () => {
  const kept = await keptOf(files(photos));
  const { isOwn, known } = await compareSplit(kept, { parts: { all: files(photos, () => 77) } });
  expect([isOwn, known]).toEqual([false, 40]);
  expect((await compareSplit(kept, { parts: { all: files(['ant/a.png', 'bee/b.png']) } })).isOwn).toBe(false);
});

test('a few equal names do not make other data the run’s own, and equal sizes are counted', async () => {
  const sizeOf = (id: string) => 5000 + Number(/\d+/.exec(id)?.[0]);
  const kept = await keptOf(files(photos, sizeOf));
  const other = [...photos.slice(0, 3), ...Array.from({ length: 10 }, (_, i) => `ant/other${i}.png`)];
  expect(await compareSplit(kept, { parts: { all: files(other, sizeOf) } })).toMatchObject({ isOwn: false, known: 3 });
  const renamed = files(
    photos.map((id) => id.replace('/', '/x_')),
    sizeOf,
  );
  expect(await compareSplit(kept, { parts: { all: renamed } })).toMatchObject({ isOwn: false, known: 0, asLarge: 40 });
});

test('files that moved with their folders are found where that is asked for', async () => {
  const sizeOf = (id: string) => 50 + Number(/\d+/.exec(id)?.[0]);
  const kept = await keptOf(files(photos, sizeOf));
  const wrapped: Dataset = { ...files(photos, sizeOf), ids: photos.map((id) => `train/${id}`) };
  const found = await compareSplit(kept, { parts: { train: wrapped } }, { evenMoved: true });
  expect(found).toMatchObject({ isOwn: true, changes: { added: 0, missing: 0, changed: 0 } });
  expect(found.splits.validation?.ids).toEqual(idsIn(kept, 'validation').map((id) => `train/${id}`));
  expect((await compareSplit(kept, { parts: { train: wrapped } })).isOwn).toBe(false);
});

test('records are the same where all labels are, and a test set has numbers of its own', async () => {
  const labels = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const test = records([1, 1, 0, 1, 0, 0], 'tiny/test');
  const kept = await keptOf(records(labels), test);
  const same = await compareSplit(kept, { parts: { train: records(labels), test } });
  expect(same).toMatchObject({ isOwn: true, changes: { added: 0, missing: 0, changed: 0 } });
  expect([same.splits.train?.length, same.splits.validation?.length, same.splits.test?.length]).toEqual([29, 11, 6]);
  const other = labels.map((label, i) => (i === 5 ? 1 - label : label));
  expect((await compareSplit(kept, { parts: { train: records(other) } })).isOwn).toBe(false);
  expect((await compareSplit(kept, { parts: { all: test } })).isOwn).toBe(false);
});

test('parts whose numbers are of two datasets are kept apart, and those of one are not', async () => {
  const base = records(Array.from({ length: 20 }, (_, i) => i % 2));
  const elsewhere = records([1, 1, 0, 0], 'tiny/test');
  const apart = { train: subset(base, [1, 2, 3, 4, 5, 6]), validation: subset(elsewhere, [0, 1, 2]) };
  const same = await compareSplit({ samples: keptSplit(apart) }, { parts: apart });
  expect(same).toMatchObject({ isOwn: true, changes: { added: 0, missing: 0, changed: 0 } });
  // another split of one dataset, made with another seed
  const first = { train: subset(base, [0, 1, 2, 3, 4, 5]), validation: subset(base, [6, 7]) };
  const second = { train: subset(base, [7, 6, 5, 4, 3, 2]), validation: subset(base, [0, 1]) };
  const found = await compareSplit({ samples: keptSplit(first) }, { parts: second });
  expect(found).toMatchObject({ isOwn: true, changes: { added: 0, missing: 0, changed: 0 } });
  expect(found.splits.validation?.ids).toEqual(['6', '7']);
});

test('a split is the same as text and back, whatever the names', async () => {
  const odd = ['ant/a "b".png', 'ant/c,d.png', 'bee/é\n.png', 'bee/=1+1.png'];
  const samples = keptSplit(await splitTrainValidation(files(odd), { fraction: 0.5 }));
  expect(splitText(samples).startsWith('split,label,id\n')).toBe(true);
  expect(parseSplit('split.csv', splitText(samples))).toEqual(samples);
});

test('a damaged split is told by its line', () => {
  const damaged = (text: string) => () => parseSplit('split.csv', text);
  expect(damaged('split,label,id\ntrain,ant,1\ntrian,ant,2\n')).toThrow(/^split\.csv: .* line 3: split: /);
  expect(damaged('split,label,id\ntrain,ant\n')).toThrow(/line 2/);
  expect(damaged('split,label\ntrain,ant\n')).toThrow(/line 2/);
  expect(damaged('split,label,id\n"train,ant,1\n')).toThrow(/split\.csv/);
});
