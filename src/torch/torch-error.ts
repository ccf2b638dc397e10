import { CheckpointError } from '../tensor/index.ts';

const damaged = 'the file is damaged, cut short, or not written by torch.save';

export const saveWeightsOnly =
  "if you trust the file, open it in PyTorch and save only its weights: torch.save(model.state_dict(), 'weights.pth'), " +
  "or torch.save(checkpoint['state_dict'], 'weights.pth')";

/** The same where the key under which the file holds its weights is known. */
export const saveWeightsUnder = (key: string) =>
  'if you trust the file, open it in PyTorch and save only its weights: ' +
  `torch.save(torch.load(PATH, weights_only=False)['${key}'], 'weights.pth')`;

/** What is wrong with a file of PyTorch; every message of its reader starts alike. */
export function torchError(problem: string, hint = damaged): CheckpointError {
  return new CheckpointError(`torch file: ${problem}`, hint);
}
