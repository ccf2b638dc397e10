/** Whether all ranks are about to train the same run. */
import { createHash } from 'node:crypto';
import type { Ranks } from '../../engines/index.ts';
import { canonicalJson } from '../../files/index.ts';
import { ConfigError } from '../../tensor/index.ts';
import { version } from '../../trained/index.ts';
import type { Settings } from '../settings.ts';
import { writingSeconds } from './run-ranks.ts';

/** Before anything else. @throws ConfigError where a rank is to begin a run where rank 0 is to go on with one, or the other way round */
export const expectSameBeginning = (ranks: Ranks, resume: boolean): Promise<void> =>
  expectAgreement(
    ranks,
    { skein: version, resume },
    'every machine needs the same skein, and must see the folder of a run that is to go on',
  );

/** @throws ConfigError where a rank was asked for another run than rank 0 was, or has another engine or other images */
export async function expectSameRun(settings: Settings, recipe: object): Promise<void> {
  const { ranks, engine, testEngine, precision, dataRecord, ownEpochs } = settings;
  if (!ranks) return;
  await expectAgreement(ranks.ranks, {
    skein: version,
    ...recipe,
    epochs: ownEpochs,
    engine: engine.name,
    testEngine: testEngine.name,
    precision,
    syncBatchNorm: ranks.syncBatchNorm,
    images: dataRecord?.digest,
    normalisation: settings.splits.normalisation,
  });
}

/**
 * Compares what each rank goes by with what rank 0 goes by.
 * @throws ConfigError on every rank where one differs; that one says in what first
 */
async function expectAgreement(
  ranks: Ranks,
  own: Readonly<Record<string, unknown>>,
  hint = 'start all ranks with the same command, the same skein and the same data',
): Promise<void> {
  // one machine reads its data faster than another
  await ranks.allow(writingSeconds);
  const bytes = new TextEncoder().encode(canonicalJson(own));
  const first = JSON.parse(new TextDecoder().decode(await ranks.broadcast(bytes))) as Record<string, unknown>;
  const mine = JSON.parse(new TextDecoder().decode(bytes)) as Record<string, unknown>;
  // causes come before what follows from them
  const differing = [...new Set([...Object.keys(own), ...Object.keys(first)])].find(
    (key) => canonicalJson(first[key] ?? null) !== canonicalJson(mine[key] ?? null),
  );
  // so that rank 0 begins nothing that another rank refused
  const [refusing = 0] = await ranks.sum(Float64Array.of(differing === undefined ? 0 : 1));
  if (refusing === 0) return;
  if (differing === undefined)
    throw new ConfigError(`train: ${refusing} of ${ranks.size} ranks are not about to train this run`, hint);
  throw new ConfigError(
    `train: expected the same run on every rank, but \`${differing}\` is ${shown(mine[differing])}, and on rank 0 ${shown(first[differing])}`,
    hint,
  );
}

const shown = (value: unknown): string => {
  const text = canonicalJson(value) ?? 'nothing';
  return text.length <= 80 ? text : `something else (${createHash('sha256').update(text).digest('hex').slice(0, 12)})`;
};
