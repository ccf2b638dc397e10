import { expect, test } from 'vitest';
import { linuxFlags, macFlags } from './doctor-processor.ts';

test('flags are read as Linux tells them on x86 and on ARM', () => {
  expect(linuxFlags('processor\t: 0\nmodel name\t: x\nflags\t\t: fpu avx2 fma\nbugs\t\t: none\n')).toEqual(
    new Set(['fpu', 'avx2', 'fma']),
  );
  expect(linuxFlags('processor\t: 0\nFeatures\t: fp asimd bf16\n')).toEqual(new Set(['fp', 'asimd', 'bf16']));
  expect(linuxFlags('processor\t: 0\n')).toBeUndefined();
});

test('features are read as macOS tells them, under their Linux names', () => {
  const told =
    'hw.optional.AdvSIMD: 1\nhw.optional.arm.FEAT_BF16: 1\nhw.optional.arm.FEAT_I8MM: 0\nhw.optional.avx2_0: 1\n';
  expect(macFlags(told)).toEqual(new Set(['asimd', 'bf16', 'avx2']));
  expect(macFlags('')).toBeUndefined();
});
