/** Why a file's names are of no network that Skein knows. */
import type { RecognisedNames } from '../../models/index.ts';
import { CheckpointError } from '../../tensor/index.ts';
import { type ForeignWeights, named } from './read-weights.ts';

/** Names that PyTorch's exporter makes up for convolutions that a batch norm was folded into. */
const madeUp = /^(onnx::Conv_)?\d+$/;

/** Names that no table has, or too many of them. */
export class UnknownNamesError extends CheckpointError {}

/** The convolutions of a file of ONNX that a batch norm was folded into, by the names that PyTorch's exporter makes up. */
const foldedIn = ({ source, tensors }: ForeignWeights, names: readonly string[]) =>
  source === 'ONNX' ? names.filter((name) => madeUp.test(name) && hasMaps(tensors.get(name))) : [];

/** Whether batch norms are folded away, so that no structure could be of a network as it was trained. */
export const isFolded = (weights: ForeignWeights): boolean => foldedIn(weights, [...weights.tensors.keys()]).length > 0;

/** @returns the names, where most of them are known. @throws CheckpointError where they are not, or an exporter folded batch norms */
export function expectKnownNames(weights: ForeignWeights, names: RecognisedNames | undefined): RecognisedNames {
  const { tensors } = weights;
  const unknown = names?.unknown ?? [...tensors.keys()];
  const folded = foldedIn(weights, unknown);
  if (folded.length > 0)
    throw new CheckpointError(
      'expected the weights of a network as it was trained, but in this ONNX file batch norms are folded into ' +
        `convolutions: ${folded.length} of its ${tensors.size} tensors are ${named(folded)}`,
      'export it without folding: torch.onnx.export(model, images, FILE, ' +
        'training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False); or import the .pth file it was made from',
    );
  if (names && unknown.length <= names.layers.size) return names;
  throw new UnknownNamesError(
    `expected weights of a residual or dense network, but Skein knows ${names ? 'too few' : 'none'} of the names of its ` +
      `${tensors.size} tensors, not ${named(unknown)}`,
    'names of torchvision, timm, pytorchcv and common scripts for CIFAR are known, and under any names the layers of a network that Skein has, in their order',
  );
}

const hasMaps = (tensor: { readonly shape: readonly number[] } | undefined) => tensor?.shape.length === 4;
