/** What the head of a run's network reads of every image to train and to validate on, computed once. */
import type { Checkpoint } from '../checkpoint/index.ts';
import type { Dataset } from '../data/index.ts';
import { defineProgram, headOf } from '../ir/index.ts';
import { type BadImage, FeatureBatches, type KeptFeatures } from '../pipeline/index.ts';
import { predictingState } from '../step/index.ts';
import { embedSplit } from '../trained/index.ts';
import { tellBadImages } from './bad-images.ts';
import { compiled } from './compiled.ts';
import { featureSize } from './head-network.ts';
import { predicted } from './kept-state.ts';
import type { Feed, RunGround } from './run.ts';

/** @param tensors of the layers before the head */
export function featureFeed(run: RunGround, tensors: Checkpoint['tensors']): Feed {
  let kept: FeatureBatches | undefined;
  return {
    ready: async () => {
      kept ??= await features(run, tensors);
    },
    batches: (options) => (kept as FeatureBatches).batches(options),
  };
}

async function features(run: RunGround, tensors: Checkpoint['tensors']): Promise<FeatureBatches> {
  const { settings, network, pipeline, signal, position, callbacks } = run;
  const { train, validation, normalisation } = settings.splits;
  const program = defineProgram({
    name: `${network.name} features`,
    graph: network.graph,
    outputs: new Map([['features', headOf(network).features]]),
    updates: new Map(),
  });
  const imageShape = program.graph.inputs.get('image')?.type.shape ?? [];
  const executable = await compiled(run, { features: program });
  try {
    await executable.load(predicted(predictingState(tensors, network.graph), program));
    const kept = new Map<Dataset, KeptFeatures>();
    const total = train.length + validation.length;
    let before = 0;
    for (const [split, dataset] of [
      ['train', train],
      ['validation', validation],
    ] as const) {
      const bad: BadImage[] = [];
      const onBadImage = async (one: BadImage) => {
        bad.push(one);
        await tellBadImages(run, split, [one], position.step + 1);
      };
      const found = await embedSplit({
        executable,
        entry: 'features',
        imageShape,
        dataset,
        normalisation,
        pipeline,
        signal,
        ...(settings.onBadImage === 'skip' && { onBadImage }),
        onProgress: (done) => {
          for (const { onFeatures } of callbacks) onFeatures?.(before + done, total);
        },
      });
      kept.set(dataset, { ...found, bad });
      before += dataset.length;
    }
    return new FeatureBatches(featureSize(network), kept);
  } finally {
    await executable.dispose();
  }
}
