import { expect, test } from 'vitest';
import { folderLayout, type Layout } from './folder-layout.ts';
import type { FolderTree } from './folder-tree.ts';

/** A tree of these images, and of folders without any. */
function treeOf(
  images: readonly string[],
  { empty = [], runs = [] }: { empty?: string[]; runs?: string[] } = {},
): FolderTree {
  const parents = (path: string) => {
    const names = path.split('/');
    return names.slice(1).map((_, i) => names.slice(0, i + 1).join('/'));
  };
  const withImages = new Set(images.flatMap(parents));
  const folders = [...new Set([...withImages, ...empty, ...runs, ...[...empty, ...runs].flatMap(parents)])].sort();
  return { folders, images, others: [], runs, unreadable: [], withImages };
}

const layoutOf = (images: readonly string[], layout: Layout = 'auto', more: Parameters<typeof treeOf>[1] = {}) =>
  folderLayout('photos', treeOf(images, more), layout).parts.map(({ part, folder, classes }) => [
    part,
    folder,
    ...classes,
  ]);

const split = (folder: string) => [`${folder}/ant/1.png`, `${folder}/bee/2.png`];

test('folders are classes, and names of splits are splits whatever their case', () => {
  expect(layoutOf(['ant/1.png', 'bee/2.png'])).toEqual([['all', '', 'ant', 'bee']]);
  expect(layoutOf([...split('Train'), ...split('Val'), ...split('TEST')])).toEqual([
    ['test', 'TEST', 'ant', 'bee'],
    ['train', 'Train', 'ant', 'bee'],
    ['validation', 'Val', 'ant', 'bee'],
  ]);
  expect(layoutOf([...split('training'), ...split('Validation')]).map(([part]) => part)).toEqual([
    'validation',
    'train',
  ]);
  expect(layoutOf(split('val'))).toEqual([['validation', 'val', 'ant', 'bee']]);
});

test('test beside the classes is their test split where it holds the same classes', () => {
  expect(layoutOf(['ant/1.png', 'bee/2.png', ...split('test')])).toEqual([
    ['train', '', 'ant', 'bee'],
    ['test', 'test', 'ant', 'bee'],
  ]);
});

test('where it cannot be told, what was seen is said, and how to say it', () => {
  for (const images of [
    ['ant/1.png', 'bee/2.png', 'test/3.png'],
    ['ant/1.png', 'bee/2.png', 'Val/3.png'],
    ['ant/1.png', 'bee/2.png', 'test/wasp/3.png'],
    ['train/1.png', 'test/2.png'],
  ])
    expect(() => layoutOf(images)).toThrow(/^photos: it cannot be told whether `\w+`/);
  expect(layoutOf(['ant/1.png', 'bee/2.png', 'test/3.png'], 'classes')).toEqual([['all', '', 'ant', 'bee', 'test']]);
  expect(layoutOf([...split('train'), 'test/3.png'], 'splits')).toEqual([
    ['test', 'test'],
    ['train', 'train', 'ant', 'bee'],
  ]);
});

test('a class may be called train where it holds images itself', () => {
  expect(layoutOf(['bus/1.png', 'car/1.png', 'train/1.png'])).toEqual([['all', '', 'bus', 'car', 'train']]);
});

test('an unlabelled test set is no class and no reason to stop', () => {
  expect(layoutOf([...split('train'), 'test/3.png'])).toEqual([
    ['test', 'test'],
    ['train', 'train', 'ant', 'bee'],
  ]);
});

test('folders beside the splits are passed over', () => {
  const tree = treeOf([...split('train'), ...split('val'), 'unsorted/5.png'], { empty: ['notes'] });
  expect(folderLayout('photos', tree, 'auto').passedOver).toEqual(['notes', 'unsorted']);
});

test('two folders for one split are told', () => {
  expect(() => layoutOf([...split('train'), ...split('val'), ...split('valid')])).toThrow(
    /expected one folder for the validation split, but there are `val`, `valid`/,
  );
});

test('a run folder is no class, nor is a folder of them; an empty class is', () => {
  const images = ['ant/1.png', 'bee/2.png'];
  expect(layoutOf(images, 'auto', { runs: ['resnet20-1'] })).toEqual([['all', '', 'ant', 'bee']]);
  expect(layoutOf(images, 'auto', { runs: ['runs/resnet20-1'] })).toEqual([['all', '', 'ant', 'bee']]);
  expect(layoutOf(images, 'auto', { empty: ['runs'] })).toEqual([['all', '', 'ant', 'bee']]);
  expect(layoutOf(images, 'auto', { empty: ['cat'] })).toEqual([['all', '', 'ant', 'bee', 'cat']]);
});
