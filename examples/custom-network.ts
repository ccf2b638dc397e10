/** A network of your own is a function from an image to logits. Run it with `npx tsx examples/custom-network.ts`. */
import { fileURLToPath } from 'node:url';
import {
  add,
  batchNorm,
  conv,
  defineNetwork,
  flip,
  globalAveragePool,
  linear,
  loadClassifier,
  padCrop,
  type Run,
  relu,
  scope,
  type TrainOptions,
  train,
} from 'skein';

export const tiny = defineNetwork('tiny', (image, { classes }) => {
  let x = relu(batchNorm(conv(image, 16, { kernel: 3 })));
  for (let i = 1; i <= 3; i++) x = scope(`block${i}`, () => relu(add(x, batchNorm(conv(x, 16, { kernel: 3 })))));
  return linear(globalAveragePool(x), classes);
});

export function run(options: Partial<TrainOptions> = {}): Promise<Run> {
  return train({
    model: tiny,
    data: 'fashion-mnist-sample',
    augment: [padCrop({ pad: 2 }), flip()],
    epochs: 2,
    ...options,
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const onEpoch = ({ epoch, validation }: { epoch: number; validation: { top1: number } }) =>
    console.log(`epoch ${epoch}: ${(100 * validation.top1).toFixed(1)} % of the validation images are right`);
  const { folder, params } = await run({ callbacks: [{ onEpoch }] });
  const classifier = await loadClassifier(`${folder}/best.safetensors`);
  console.log(`${params} parameters, saved in ${folder}; it knows ${classifier.classes.join(', ')}`);
  await classifier.dispose();
}
