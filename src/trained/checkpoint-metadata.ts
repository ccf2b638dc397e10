import type { Checkpoint } from '../checkpoint/index.ts';

/**
 * What the ONNX files of a checkpoint say about it: its network's name, and as JSON its classes and preprocessing; where it is calibrated, also
 * the `temperature` that logits are divided by before they become probabilities.
 */
export const checkpointMetadata = ({
  network,
  classes,
  preprocessing,
  calibration,
}: Checkpoint): Record<string, string> => ({
  network: network.name,
  classes: JSON.stringify(classes),
  preprocessing: JSON.stringify(preprocessing),
  ...(calibration && { temperature: String(calibration.temperature) }),
});
