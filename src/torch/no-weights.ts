/** Why a saved object has no weights that could be taken: what it is instead, and what to do in PyTorch. */

import { describeValue, type PickleValue, quote, Unknown } from '../pickle/index.ts';
import type { CheckpointError } from '../tensor/index.ts';
import { torchError } from './torch-error.ts';

/** @param children the saved object's, by key */
export function noWeights(root: PickleValue, children: readonly (readonly [string, PickleValue])[]): CheckpointError {
  if (root instanceof Unknown && /^fastai\b/.test(root.name))
    return torchError(
      `expected weights, but this is an export of fastai, ${describeValue(root)}, which holds a network as code`,
      "if you trust the file, in fastai: torch.save(load_learner(PATH).model.state_dict(), 'weights.pth')",
    );
  if (root instanceof Unknown && root.isModule) return wholeModule('this', root, '');
  const inside = children.find(([, value]) => value instanceof Unknown && value.isModule);
  // a plain key, which Python takes as it is
  if (inside && /^[\w.-]{1,100}$/.test(inside[0]))
    return wholeModule(`\`${inside[0]}\``, inside[1] as Unknown, `['${inside[0]}']`);
  if (isOptimiser(root) || children.some(([, value]) => isOptimiser(value)))
    return torchError(
      "expected weights, but this is an optimiser's state without those of its network",
      'give the file that was saved beside it, with the state_dict of the network',
    );
  const [first] = children;
  const what =
    first?.[1] instanceof Unknown
      ? `${describeValue(root)}, the first ${describeValue(first[1])}`
      : describeValue(root);
  return torchError(
    `expected a dict of named tensors, such as a state_dict, got ${what}`,
    "in PyTorch: torch.save(model.state_dict(), 'weights.pth')",
  );
}

/** What `optimizer.state_dict()` gives: running means under names of their own. */
export const isOptimiser = (value: PickleValue): boolean =>
  value instanceof Map && value.has('state') && value.has('param_groups');

const wholeModule = (where: string, { name }: Unknown, index: string): CheckpointError =>
  torchError(
    `expected weights, but ${where} is a whole pickled network, ${quote(name)}, which is code and is not run here`,
    'if you trust the file, in PyTorch, where that class can be imported: ' +
      `torch.save(torch.load(PATH, weights_only=False)${index}.state_dict(), 'weights.pth')`,
  );
