/** Whether the data of a run is what its first step had. */
import { join } from 'node:path';
import { parseSplit, sourceText } from '../../data/index.ts';
import { DataError } from '../../tensor/index.ts';
import { digestOf, splitFile } from '../../trained/index.ts';
import { imagesDigest } from '../config.ts';
import type { RunUnderWay } from '../run.ts';
import type { RecordedRun } from './recorded-run.ts';
import { splitIn } from './silent-sink.ts';

/**
 * Besides what going on compares (names, classes, the sizes of files): a fingerprint of 64 images.
 * @returns whether it is the one that the run began with
 * @throws DataError where it is not and the steps begin at the start, or where there is no checkpoint and the split is another one
 */
export async function expectSameData(
  { folder, config, newest }: RecordedRun,
  { settings }: Pick<RunUnderWay, 'settings'>,
  { isFromStart, changedData }: { readonly isFromStart: boolean; readonly changedData: boolean },
): Promise<boolean> {
  const { splits, onBadImage, dataRecord, dataName } = settings;
  const refuse = (what: string): never => {
    throw new DataError(
      `${sourceText(dataName)}: expected the data that ${folder} began with, but ${what}`,
      'put the data back, or say where it is now with --data; or take the steps all the same with --changed-data (changedData: true): equal numbers are then not to be expected',
    );
  };
  if (newest === undefined && dataRecord && !changedData) {
    const text = await splitIn(folder);
    if (text !== undefined && digestOf(parseSplit(join(folder, splitFile), text)) !== dataRecord.digest)
      refuse(`its images are not those of ${splitFile}`);
  }
  const isSame =
    config.dataDigest === undefined || config.dataDigest === (await imagesDigest(splits.train, onBadImage));
  if (!isSame && isFromStart && !changedData) refuse('images of the same names have other pixels');
  return isSame;
}
