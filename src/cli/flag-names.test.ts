import { expect, test } from 'vitest';
import { withFlagNames, withoutCodeNames } from './flag-names.ts';

test('an option of the library has its flag', () => {
  expect(withFlagNames('`batchSize` and `imageColumn`')).toBe(
    '`batchSize` (--batch-size) and `imageColumn` (--image-column)',
  );
});

test.each([
  ['go on with --changed-data (changedData: true): what', 'go on with --changed-data: what'],
  ["--layout classes (layout: 'classes') takes", '--layout classes takes'],
  ['give --image-column (imageColumn) and', 'give --image-column and'],
  ['say so: --classes-by-position (`classesByPosition` in code)', 'say so: --classes-by-position'],
  ['`batchSize` (--batch-size) 9', '`batchSize` (--batch-size) 9'],
  ['--epochs (30)', '--epochs (30)'],
])('a flag needs no name of the library: %s', (text, short) => {
  expect(withoutCodeNames(text)).toBe(short);
});
