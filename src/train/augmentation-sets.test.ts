import { describe, expect, test } from 'vitest';
import { augmentationSet, augmentationSets, cutmix, flip, mix, mixup, padCrop } from '../augmentations/index.ts';
import { expectOneMix, nameOfSet, readAugmentations } from './augmentation-sets.ts';

const recorded = (list: ReturnType<typeof augmentationSet>) =>
  JSON.parse(JSON.stringify(list.map(({ name, options }) => ({ name, ...options })))) as unknown[];

describe('a set of augmentations', () => {
  test.each(augmentationSets.map((set) => [set.name, set] as const))(
    '%s is read by its name, and known by its list',
    (name, { list }) => {
      expect(readAugmentations('--augment', name)).toEqual(list);
      expect(augmentationSet(name)).toBe(list);
      expect(recorded(readAugmentations('a.yaml', recorded(list)))).toEqual(recorded(list));
      expect(nameOfSet(recorded(list))).toBe(name === 'none' ? undefined : name);
      expect(() => expectOneMix(list)).not.toThrow();
    },
  );

  test('may stand among others', () => {
    const read = recorded(readAugmentations('--augment', 'crop:pad=2, standard,flip:probability=0.1'));
    const expected = [padCrop({ pad: 2 }), ...augmentationSet('standard'), flip({ probability: 0.1 })];
    expect(read).toEqual(recorded(expected));
    expect(read).toHaveLength(5);
    expect(nameOfSet(read)).toBeUndefined();
  });

  test('that there is not is named, with the nearest', () => {
    expect(() => readAugmentations('--augment', 'standrad')).toThrow(
      '--augment: there is no set of augmentations `standrad`; did you mean standard?',
    );
    expect(() => augmentationSet('lihgt')).toThrow('augmentationSet: there is no set `lihgt`; did you mean light?');
    expect(() => readAugmentations('--augment', 'flipp')).toThrow('did you mean flip?');
    expect(() => readAugmentations('--augment', 'nope')).toThrow(/the augmentation `nope` is not .*gaussianBlur[^;]*$/);
    expect(() => readAugmentations('--augment', 'nonee')).toThrow('did you mean none?');
    expect(() => readAugmentations('--augment', ' ')).toThrow('--augment: expected augmentations, but got none');
  });
});

test('a list that mixes twice is refused, with what does it once', () => {
  expect(() => expectOneMix([mixup(), flip(), cutmix()])).toThrow(
    'train: expected at most one augmentation that mixes images, but `augment` has `mixup` and `cutmix`',
  );
  expect(() => expectOneMix([mix(), flip()])).not.toThrow();
});
