import type { Checkpoint } from '../checkpoint/index.ts';

/** What the ONNX files of a checkpoint say about it: its network's name, and as JSON its classes and preprocessing. */
export const checkpointMetadata = ({ network, classes, preprocessing }: Checkpoint): Record<string, string> => ({
  network: network.name,
  classes: JSON.stringify(classes),
  preprocessing: JSON.stringify(preprocessing),
});
