/** Names of conventional networks' layers: PyTorch numbers all modules of the body in one row, so that each depth has its own. */
import { vggDepths, vggStages } from '../vgg.ts';
import type { Naming } from './naming.ts';

/** torchvision's, for one depth; after the `|` timm's, where the wide layers are convolutions over the whole map. */
function torchvisionVgg(depth: number, batchNorm: boolean): Naming {
  const layers: Record<string, string> = {};
  let module = 0;
  vggStages(depth).forEach((count, at) => {
    for (let i = 1; i <= count; i++) {
      layers[`stage${at + 1}.conv${i}`] = `features.${module++}`;
      if (batchNorm) layers[`stage${at + 1}.norm${i}`] = `features.${module++}`;
      module++; // the rectifier
    }
    module++; // the pool
  });
  const head = {
    'head.linear1': 'classifier.0 | pre_logits.fc1',
    'head.linear2': 'classifier.3 | pre_logits.fc2',
    classifier: 'classifier.6 | head.fc',
  };
  return { name: 'torchvision', layers: { ...layers, ...head }, writes: ['vgg'] };
}

/** torchvision's, with and without batch norms. */
export const torchvisionVggs: readonly Naming[] = vggDepths.flatMap((depth) =>
  [false, true].map((batchNorm) => torchvisionVgg(depth, batchNorm)),
);
