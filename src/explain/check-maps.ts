/** Scores maps, and makes them again while the network loses its weights. */
import { Random } from '../tensor/index.ts';
import type { ExplainedNetwork } from './explained-network.ts';
import type { MapChecks, RandomScores } from './explanation.ts';
import { PixelScores, randomMap } from './insertion-deletion.ts';
import type { MadeMap } from './made-map.ts';
import type { Progress } from './progress.ts';
import { cascade, likeness, type StageLikeness } from './randomisation.ts';
import { verdict } from './verdict.ts';

/** As many random maps are scored beside each. */
const randomMaps = 5;

/** One for each map. */
export async function checkMaps(
  network: ExplainedNetwork,
  maps: readonly MadeMap[],
  { seed, signal, progress }: { seed: number; signal: AbortSignal | undefined; progress: Progress },
): Promise<MapChecks[]> {
  const stages = [...cascade(network.program, network.trained, seed)];
  progress.expect(maps.length * (1 + stages.length));
  const scores: Omit<MapChecks, 'randomised' | 'verdict'>[] = [];
  const random = new RandomMaps(network, new Random(seed).fork('random maps'));
  for (const made of maps) {
    signal?.throwIfAborted();
    const own = await new PixelScores(network, made.image.pixels, made.label).of(made.heat);
    scores.push({ ...own, random: await random.beside(made) });
    progress.step();
  }
  const randomised: StageLikeness[][] = maps.map(() => []);
  for (const { path, state } of stages) {
    await network.load(state);
    for (const [i, { method, image, label, heat }] of maps.entries()) {
      signal?.throwIfAborted();
      const again = await method.explain(network, image.pixels, label);
      randomised[i]?.push({ path, correlation: likeness(heat.values, again.values) });
      progress.step();
    }
  }
  await network.load(network.trained);
  return maps.map(({ heat }, i) => {
    const own = scores[i] as (typeof scores)[number];
    const stagesOfMap = randomised[i] as StageLikeness[];
    return { ...own, randomised: stagesOfMap, verdict: verdict(heat.values, own, stagesOfMap) };
  });
}

/** Scores of random maps, the same for all maps of an image and label that are as fine. */
class RandomMaps {
  readonly #network: ExplainedNetwork;
  readonly #random: Random;
  readonly #known = new Map<string, RandomScores>();

  constructor(network: ExplainedNetwork, random: Random) {
    this.#network = network;
    this.#random = random;
  }

  async beside({ image, label, heat }: MadeMap): Promise<RandomScores> {
    const key = `${image.index}/${label}/${heat.height}×${heat.width}`;
    const known = this.#known.get(key);
    if (known) return known;
    const scored = new PixelScores(this.#network, image.pixels, label);
    const found: { insertion: number; deletion: number }[] = [];
    for (let i = 0; i < randomMaps; i++) found.push(await scored.of(randomMap(heat, this.#random.fork(key).fork(i))));
    const [insertions, deletions] = [found.map((one) => one.insertion), found.map((one) => one.deletion)];
    const fresh = {
      maps: randomMaps,
      insertion: mean(insertions),
      deletion: mean(deletions),
      best: { insertion: Math.max(...insertions), deletion: Math.min(...deletions) },
    };
    this.#known.set(key, fresh);
    return fresh;
  }
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
