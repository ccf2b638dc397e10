/**
 * How long a training step takes to compile, part by part, and how many nodes it has; the targets are resnet110 in 3 seconds and
 * resnet1202 in 60.
 *
 * usage: npx tsx bench/compile.ts [MODEL…], with nothing else on the machine
 */

import { startRemote } from '../src/engines/onnxruntime/engine.ts';
import { entryModel } from '../src/engines/onnxruntime/entry-model.ts';
import { lowerProgram } from '../src/engines/onnxruntime/lower-program.ts';
import { liveNodes } from '../src/ir/index.ts';
import { findModel } from '../src/models/index.ts';
import type { Network } from '../src/nn/index.ts';
import { sgd } from '../src/optimisers/index.ts';
import { stepProgram } from '../src/step/index.ts';

const standard = ['resnet20', 'resnet110', 'resnet1202', 'densenet-bc100-k12', 'densenet-bc250-k24'];

async function timed<T>(work: () => T | Promise<T>): Promise<[result: T, seconds: number]> {
  const began = performance.now();
  const result = await work();
  return [result, (performance.now() - began) / 1000];
}

/** The same network, which adds up the seconds that its `build` takes. */
function stopwatch(network: Network): { network: Network; seconds: number } {
  const watch = { network, seconds: 0 };
  watch.network = {
    ...network,
    build: (image, options) => {
      const began = performance.now();
      const logits = network.build(image, options);
      watch.seconds += (performance.now() - began) / 1000;
      return logits;
    },
  };
  return watch;
}

async function measure(name: string) {
  const watch = stopwatch(findModel(name));
  const { network } = watch;
  const image = { channels: 3, height: 32, width: 32 };
  const options = { network, image, classes: 10, batchSize: 64, optimiser: sgd() };
  const [step, stepSeconds] = await timed(() => stepProgram(options));
  // blocks of 16 channels, as on processors with AVX-512
  const lowering = { block: 16 };
  const [model, lowerSeconds] = await timed(() => entryModel(step, lowering));
  const remote = startRemote('onnxruntime');
  const [, processSeconds] = await timed(() =>
    remote.ask({ kind: 'compile', entries: {}, threads: 1, precision: 'float32' }),
  );
  const entries = { step: model };
  const [, sessionSeconds] = await timed(() =>
    remote.ask({ kind: 'compile', entries, threads: 2, precision: 'float32' }),
  );
  const { peakBytes = 0 } = await remote.ask({ kind: 'peak' });
  await remote.stop();
  const total = stepSeconds + lowerSeconds + processSeconds + sessionSeconds;
  return {
    model: name,
    nodes: liveNodes(step).length,
    'onnx nodes': lowerProgram(step, lowering).nodes,
    'build s': watch.seconds.toFixed(2),
    'gradients s': (stepSeconds - watch.seconds).toFixed(2),
    'lower s': lowerSeconds.toFixed(2),
    'process s': processSeconds.toFixed(2),
    'session s': sessionSeconds.toFixed(2),
    'total s': total.toFixed(2),
    'engine MB': Math.round(peakBytes / 1e6),
  };
}

const asked = process.argv.slice(2);
const rows = [];
for (const name of asked.length > 0 ? asked : standard) rows.push(await measure(name));
console.table(rows);
