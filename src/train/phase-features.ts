/** What the head of a run's network reads of every image to train and to validate on, computed once. */
import type { Checkpoint } from '../checkpoint/index.ts';
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
  const { train, validation } = run.settings.splits;
  let kept: FeatureBatches | undefined;
  return {
    ready: async () => {
      if (kept) return;
      const found = await featuresOf(run, tensors);
      const sets = [
        [train, found.train],
        [validation, found.validation],
      ] as const;
      kept = new FeatureBatches(featureSize(run.network), new Map(sets));
    },
    batches: (options) => (kept as FeatureBatches).batches(options),
  };
}

/**
 * Of the images to train and to validate on, as evaluations see them.
 * @throws DataError where an image cannot be read; EngineError; what the signal says where it comes before the end
 */
export async function featuresOf(
  run: RunGround,
  tensors: Checkpoint['tensors'],
): Promise<Record<'train' | 'validation', KeptFeatures>> {
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
    const total = train.length + validation.length;
    const of = async (split: 'train' | 'validation', before: number): Promise<KeptFeatures> => {
      const bad: BadImage[] = [];
      const onBadImage = async (one: BadImage) => {
        bad.push(one);
        await tellBadImages(run, split, [one], position.step);
      };
      const found = await embedSplit({
        executable,
        entry: 'features',
        imageShape,
        dataset: settings.splits[split],
        normalisation,
        pipeline,
        signal,
        ...(settings.onBadImage === 'skip' && { onBadImage }),
        onProgress: (done) => {
          for (const { onFeatures } of callbacks) onFeatures?.(before + done, total);
        },
      });
      return { ...found, bad };
    };
    return { train: await of('train', 0), validation: await of('validation', train.length) };
  } finally {
    await executable.dispose();
  }
}
