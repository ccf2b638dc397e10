import type { DataChanges } from '../data/index.ts';

/** 3 new images, 1 missing, 2 changed; undefined where nothing changed. */
export function changesText({ added, missing, changed }: DataChanges): string | undefined {
  const parts = [
    ...(added > 0 ? [added === 1 ? '1 new image' : `${added} new images`] : []),
    ...(missing > 0 ? [`${missing} missing`] : []),
    ...(changed > 0 ? [`${changed} changed`] : []),
  ];
  return parts.length === 0 ? undefined : parts.join(', ');
}
