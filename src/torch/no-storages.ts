import type { PickleMeaning } from '../pickle/index.ts';
import { describeValue } from '../pickle/index.ts';
import { torchError } from './torch-error.ts';
import { absorbCall, callGlobal, resolveGlobal } from './torch-globals.ts';

/** For a pickle without storages. */
export const noStorages: PickleMeaning = {
  global: resolveGlobal,
  call: callGlobal,
  absorb: absorbCall,
  persistent: (id) => {
    throw torchError(`expected the storages after the object, got ${describeValue(id)}`);
  },
};
