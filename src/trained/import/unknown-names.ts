/** Why a file's names are of no network that Skein knows. */
import type { RecognisedNames } from '../../models/index.ts';
import { CheckpointError } from '../../tensor/index.ts';
import { type ForeignWeights, named } from './read-weights.ts';

/** Names that PyTorch's exporter makes up for convolutions that a batch norm was folded into. */
const madeUp = /^(onnx::Conv_)?\d+$/;

/** @returns the names, where most of them are known. @throws CheckpointError where they are not, or an exporter folded batch norms */
export function expectKnownNames(
  { source, tensors }: ForeignWeights,
  names: RecognisedNames | undefined,
): RecognisedNames {
  const unknown = names?.unknown ?? [...tensors.keys()];
  const folded = source === 'ONNX' ? unknown.filter((name) => madeUp.test(name) && hasMaps(tensors.get(name))) : [];
  if (folded.length > 0)
    throw new CheckpointError(
      'expected the weights of a network as it was trained, but in this ONNX file batch norms are folded into ' +
        `convolutions: ${folded.length} of its ${tensors.size} tensors are ${named(folded)}`,
      'export it without folding: torch.onnx.export(model, images, FILE, ' +
        'training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False); or import the .pth file it was made from',
    );
  if (names && unknown.length <= names.layers.size) return names;
  throw new CheckpointError(
    `expected weights of a residual or dense network, but Skein knows ${names ? 'too few' : 'none'} of the names of its ` +
      `${tensors.size} tensors, not ${named(unknown)}`,
    'names of torchvision, timm, pytorchcv and common scripts for CIFAR are known',
  );
}

const hasMaps = (tensor: { readonly shape: readonly number[] } | undefined) => tensor?.shape.length === 4;
