import { number, type Option } from '../parts/index.ts';

/** The option `dropout`, a rate. */
export const dropoutOption = (about: string, initial: number): Option<number> =>
  number({ about, from: 0, below: 1, default: initial });
