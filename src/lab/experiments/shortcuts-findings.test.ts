import { expect, it } from 'vitest';
import { shareOf } from '../arithmetic/estimate.ts';
import { shortcutKinds } from '../networks/shortcut-kinds.ts';
import { type ShortcutRow, shortcutFindings } from './shortcuts-findings.ts';

/** @param wrong of 1,000 test images */
const rowsOf = (...wrong: number[]): ShortcutRow[] =>
  wrong.map((count, i) => ({
    kind: shortcutKinds[i] as (typeof shortcutKinds)[number],
    training: count / 1000,
    test: shareOf(count, 1000),
    params: 1,
  }));

const said = (rows: readonly ShortcutRow[], at: number) => {
  const { says } = shortcutFindings(rows, 9)[at] as { says: unknown };
  return says as { readonly en: string; readonly zh: string };
};

it('says that it came out, that it did not, or that it cannot be told', () => {
  expect(said(rowsOf(100, 300, 250), 0).en).toContain('It came out here too.');
  expect(said(rowsOf(300, 100, 400), 0).en).toContain('That did not come out here: 1 of 2 are better.');
  expect(said(rowsOf(100, 105, 300), 0).en).toContain('Here 1 of 2 can be told to be worse');
  expect(said(rowsOf(100, 105, 300), 0).en).toContain('Not to be told apart from it – none (plain): +0.5 points');
});

it('compares orders by rank', () => {
  // published: 6.61, fail, fail, 12.35
  expect(said(rowsOf(100, 300, 300, 200), 2).en).toContain('rank correlation of 1 ');
  expect(said(rowsOf(300, 100, 100, 200), 2).zh).toContain('秩相关系数为 −1');
  expect(said(rowsOf(100, 100), 2).en).toContain('no order');
});
