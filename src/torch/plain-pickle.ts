import { describeValue, quote, unpickle } from '../pickle/index.ts';
import { noStorages } from './no-storages.ts';
import { torchError } from './torch-error.ts';

/** Why a pickle that torch.save did not write is refused: what it holds. */
export function plainPickle(file: Uint8Array): Error {
  let what: string;
  try {
    what = `a pickle of ${describeValue(unpickle(file, noStorages).value)}, which torch.save did not write`;
  } catch {
    return torchError(
      `expected what torch.save writes, but the file starts with ${quote(Buffer.from(file.subarray(0, 24)).toString('latin1'))}`,
      'it is a pickle, but a damaged one, or one with data between: give a .pth or .pt file',
    );
  }
  return torchError(
    `expected what torch.save writes, but this is ${what}`,
    "if it holds a network's weights and you trust it: torch.save(pickle.load(open(PATH, 'rb')), 'weights.pth'); " +
      'models of scikit-learn and the like have no weights that Skein could take',
  );
}
