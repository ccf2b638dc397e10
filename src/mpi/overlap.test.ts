import { expect, it } from 'vitest';
import { ConfigError } from '../tensor/index.ts';
import { overlaps } from './overlap.ts';

it('overlaps where it gains, unless it is told otherwise', () => {
  const [apart, together] = [
    ['a', 'b'],
    ['a', 'a'],
  ];
  const [openMpi, intel] = [{ version: 'Open MPI 4.1.4' }, { version: 'Intel MPI 2021.9' }];
  expect(overlaps({ library: openMpi, hosts: apart }, {})).toBe(true);
  expect(overlaps({ library: { version: 'MPICH 4.0.2' }, hosts: apart }, {})).toBe(true);
  expect(overlaps({ library: openMpi, hosts: together }, {})).toBe(false);
  expect(overlaps({ library: intel, hosts: apart }, {})).toBe(false);
  expect(overlaps({ library: openMpi, hosts: apart }, { SKEIN_OVERLAP: 'off' })).toBe(false);
  expect(overlaps({ library: intel, hosts: together }, { SKEIN_OVERLAP: 'on' })).toBe(true);
  expect(() => overlaps({ library: openMpi, hosts: apart }, { SKEIN_OVERLAP: 'yes' })).toThrow(ConfigError);
});
