/** An experiment trains many networks and keeps their results as values, without folders. Run it with `npx tsx examples/without-folders.ts`. */
import { fileURLToPath } from 'node:url';
import { type MemorySink, memorySink, resnet, saveCheckpoint, type TrainOptions, train } from 'skein';

/** One run for each learning rate. */
export async function compareRates(
  rates: readonly number[],
  options: Partial<TrainOptions> = {},
): Promise<Map<number, MemorySink>> {
  const sinks = new Map<number, MemorySink>();
  for (const lr of rates) {
    const out = memorySink();
    await train({ model: resnet({ depth: 8 }), data: 'fashion-mnist-sample', epochs: 2, ...options, lr, out });
    sinks.set(lr, out);
  }
  return sinks;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const top1 = ({ best }: MemorySink) => best?.training?.best?.top1 ?? 0;
  const sorted = [...(await compareRates([0.01, 0.1, 1]))].sort(([, a], [, b]) => top1(b) - top1(a));
  for (const [lr, sink] of sorted)
    console.log(`lr ${lr}: ${(100 * top1(sink)).toFixed(1)} % of the validation images are right`);
  // what is worth keeping becomes a file, as in a run folder
  const best = sorted[0]?.[1].best;
  if (best) await saveCheckpoint('best.safetensors', best);
}
