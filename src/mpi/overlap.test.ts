import { expect, it } from 'vitest';
import { ConfigError } from '../tensor/index.ts';
import { overlaps } from './overlap.ts';

const openMpi = { library: { family: 'Open MPI' as const } };

it('overlaps where it gains, unless it is told otherwise', () => {
  const [apart, together] = [
    ['a', 'b'],
    ['a', 'a'],
  ];
  expect(overlaps({ ...openMpi, hosts: apart }, {})).toBe(true);
  expect(overlaps({ ...openMpi, hosts: together }, {})).toBe(false);
  expect(overlaps({ library: { family: 'MPICH' }, hosts: apart }, {})).toBe(false);
  expect(overlaps({ ...openMpi, hosts: apart }, { SKEIN_OVERLAP: 'off' })).toBe(false);
  expect(overlaps({ library: { family: 'MPICH' }, hosts: together }, { SKEIN_OVERLAP: 'on' })).toBe(true);
  expect(() => overlaps({ ...openMpi, hosts: apart }, { SKEIN_OVERLAP: 'yes' })).toThrow(ConfigError);
});
