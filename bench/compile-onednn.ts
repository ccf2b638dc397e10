/**
 * How long oneDNN takes to compile training steps, in one process; the target is densenet201 at batch 16 in 3 seconds.
 *
 * usage: npx tsx bench/compile-onednn.ts [MODEL…], with nothing else on the machine
 */

import { isMissing, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { liveNodes } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { stepProgram } from '../src/step/index.ts';

const standard = ['resnet20', 'densenet-bc100-k12', 'resnet50', 'densenet121', 'densenet201'];

const library = await openLibrary();
if (isMissing(library)) throw new Error(`${library.problem}; ${library.remedy}`);

function measure(name: string) {
  if (isMissing(library)) return;
  const network = findModel(name);
  const [size, batchSize, classes] = [network.image?.height ?? 32, 16, network.classes ?? 10];
  const image = { channels: 3, height: size, width: size };
  const built = performance.now();
  const step = stepProgram({ network, image, classes, batchSize, optimiser: sgd() });
  const began = performance.now();
  const before = process.cpuUsage();
  const session = new Session(library);
  const compiled = session.compile(new Map([['step', step]])).get('step');
  const seconds = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  session.dispose();
  return {
    model: name,
    nodes: liveNodes(step).length,
    'uses of primitives': compiled?.implementations.length,
    instructions: (compiled?.steps.length ?? 0) + (compiled?.updates.length ?? 0),
    'arena MB': Math.round((compiled?.arena.bytes ?? 0) / 1e6),
    'build s': ((began - built) / 1000).toFixed(2),
    'compile s': seconds.toFixed(2),
    // on a busy machine, the nearest to what an idle one would take
    'processor s': ((user + system) / 1e6).toFixed(2),
  };
}

const asked = process.argv.slice(2);
console.table((asked.length > 0 ? asked : standard).map(measure));
library.dispose();
