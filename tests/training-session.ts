/** A training step on oneDNN in this process, compiled as `step`: its program, its state loaded, and a batch. */

import { type Library, openLibrary } from '../src/engines/onednn/library/index.ts';
import { Session } from '../src/engines/onednn/session.ts';
import { initialState, type Program } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import type { Network } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { stepProgram } from '../src/step/index.ts';
import { Random, sizeOf, type Tensor, tensor } from '../src/tensor/index.ts';

const [batchSize, classes, size] = [4, 10, 16];

/** Images have 16 pixels a side, and batches 4 of them. A library of its own, unless one is given. */
export async function trainingSession(
  network: string | Network,
  given?: Library,
): Promise<{
  readonly library: Library;
  readonly session: Session;
  readonly step: Program;
  readonly inputs: ReadonlyMap<string, Tensor>;
}> {
  const image = { channels: 3, height: size, width: size };
  const found = typeof network === 'string' ? findModel(network) : network;
  const step = stepProgram({ network: found, image, classes, batchSize, optimiser: sgd() });
  const random = new Random('batch');
  const shape = [batchSize, 3, size, size];
  const inputs = new Map<string, Tensor>([
    [
      'image',
      tensor(
        'float32',
        shape,
        Float32Array.from({ length: sizeOf(shape) }, () => random.normal()),
      ),
    ],
    [
      'labels',
      tensor(
        'int32',
        [batchSize],
        Int32Array.from({ length: batchSize }, () => random.integer(classes)),
      ),
    ],
    ['weights', tensor('float32', [batchSize], new Float32Array(batchSize).fill(1))],
    ['lr', tensor('float32', [], Float32Array.of(0.01))],
  ]);
  const library = given ?? ((await openLibrary()) as Library);
  library.setThreads(1);
  const session = new Session(library);
  session.compile(new Map([['step', step]]));
  session.load(initialState(step.graph, 1));
  return { library, session, step, inputs };
}
