/** What a run's bytes depend on besides its options: as it was recorded, and as it is now. */
import { canonicalJson } from '../../files/index.ts';
import { surroundingsHere } from '../config.ts';
import type { RunUnderWay } from '../run.ts';

/** Something that is not as the run recorded it. */
export interface ChangedSurrounding {
  /** `engine`, `threads`, `precision`, `library`, `processor`, `skein`, `node`, `data`. */
  readonly what: string;
  readonly recorded: string;
  readonly now: string;
}

/**
 * @param config as config.yaml has it; what an earlier version did not record is not compared
 * @param now the same words, as far as they are known now
 */
export function changedSurroundings(
  config: Readonly<Record<string, unknown>>,
  now: Readonly<Record<string, unknown>>,
): ChangedSurrounding[] {
  const { versions } = config;
  const recorded = { ...config, ...(typeof versions === 'object' && versions) } as Record<string, unknown>;
  return Object.entries(now).flatMap(([what, value]) =>
    value === undefined || recorded[what] === undefined || canonicalJson(recorded[what]) === canonicalJson(value)
      ? []
      : [{ what, recorded: String(recorded[what]), now: String(value) }],
  );
}

/** @param isSameData whether the images are those that it began with */
export async function surroundingsOf(
  config: Readonly<Record<string, unknown>>,
  { executable, settings }: Pick<RunUnderWay, 'executable' | 'settings'>,
  isSameData: boolean,
): Promise<ChangedSurrounding[]> {
  const { engine, precision, threads } = await executable.plan();
  const library = (await settings.engine.facts?.())?.version;
  const changed = changedSurroundings(config, { engine, precision, threads, ...surroundingsHere(library) });
  if (isSameData) return changed;
  return [
    ...changed,
    { what: 'data', recorded: String(config.dataDigest), now: 'images of other pixels, or other images' },
  ];
}
