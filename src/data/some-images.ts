/** What images are like without opening all of them. */
import { DataError } from '../tensor/index.ts';
import type { FoundData } from './found-data.ts';
import { openImages } from './open-images.ts';
import type { Extent2d } from './survey.ts';

/** Enough to tell photographs from small images. */
const looked = 24;

/**
 * The size that most of some images have, evenly spaced through the data, and whether training scales them.
 * @throws DataError where none of them can be read
 */
export async function someImages({
  name,
  parts,
  files,
}: Pick<FoundData, 'name' | 'parts' | 'files'>): Promise<{ readonly size: Extent2d; readonly isScaled: boolean }> {
  const part = (['train', 'all', 'validation', 'test'] as const).find((each) => parts[each]?.length);
  const dataset = part && parts[part];
  if (!dataset) throw new DataError(`${name}: expected images, but there are none`);
  const paths = files?.[part];
  if (!paths) return { size: (await dataset.read(0)).image, isScaled: false };
  const step = Math.max(1, Math.floor(paths.length / looked));
  const { facts } = await openImages(
    paths.filter((_, i) => i % step === 0),
    [],
    () => {},
  );
  if (!facts) throw new DataError(`${name}: expected images, but none of those looked at can be read`);
  return { size: facts.commonest, isScaled: true };
}
