/** Names of conventional networks' layers: PyTorch numbers all modules of the body in one row, so that each depth has its own. */
import { vggDepths, vggStages } from '../vgg.ts';
import type { Naming } from './naming.ts';

/** torchvision's, for one depth. */
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
  const head = { 'head.linear1': 'classifier.0', 'head.linear2': 'classifier.3', classifier: 'classifier.6' };
  return { name: 'torchvision', layers: { ...layers, ...head }, writes: ['vgg'] };
}

/** torchvision's, with and without batch norms. */
export const torchvisionVggs: readonly Naming[] = vggDepths.flatMap((depth) =>
  [false, true].map((batchNorm) => torchvisionVgg(depth, batchNorm)),
);
