/** A trained network as an ONNX file that predicts on its own, wherever ONNX Runtime runs. */
import type { Checkpoint } from '../checkpoint/index.ts';
import { portableLowerings, toOnnx } from '../onnx/index.ts';
import { ConfigError } from '../tensor/index.ts';
import { checkpointMetadata } from './checkpoint-metadata.ts';
import { frozenProgramOf } from './checkpoint-program.ts';
import { version } from './version.ts';

/**
 * ONNX of a checkpoint's network: standard operators of opset 20, weights and batch norms folded in. Input `image`, float32
 * [batch, C, H, W], output `logits`, float32 [batch, classes], for any batch size. The metadata say how pixels become `image`
 * (`preprocessing`, as in the checkpoint) and what the logits stand for (`classes`), both as JSON.
 * @param path as messages name the checkpoint
 * @throws CheckpointError where the parts of the file do not fit together; ConfigError where the network only runs at one batch size
 */
export function networkOnnx(path: string, checkpoint: Checkpoint): Uint8Array {
  const [bytes, other] = [1, 3].map((batch) => modelAt(path, checkpoint, batch)) as [Uint8Array, Uint8Array];
  // shapes with the batch in them would differ
  if (Buffer.compare(bytes, other) !== 0)
    throw new ConfigError(
      `${path}: the network ${checkpoint.network.name} has its batch size in a shape, so no file fits every batch`,
      'keep the batch out of shapes: flatten(x), and -1 in reshape(), leave it open',
    );
  return bytes;
}

function modelAt(path: string, checkpoint: Checkpoint, batch: number): Uint8Array {
  return toOnnx(frozenProgramOf(path, checkpoint, batch), {
    lowerings: portableLowerings,
    plainNames: true,
    batch: 'batch',
    metadata: { skein: version, ...checkpointMetadata(checkpoint) },
  }).bytes;
}
