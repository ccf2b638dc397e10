import { element } from '../page/element.ts';
import { findingList } from '../page/findings.ts';
import { defineSection } from '../page/section.ts';
import type { ExplanationData } from './explanation-data.ts';

/** What each method does, and where it was published. */
export const readingSection = defineSection<ExplanationData>({
  id: 'methods',
  heading: 'How the maps were made',
  draw: ({ methods, layer }) => [
    element(
      'p',
      {},
      layer === undefined
        ? 'Each method looks at the pixels of the image.'
        : `Methods at a layer look at the last map of ${layer}, and say where; the others look at pixels.`,
    ),
    findingList(
      methods.map(({ title, about, source, options }) => ({
        about: title,
        says: [`${about}${options === '' ? '' : ` (${options})`}${source === undefined ? '' : `; ${source}`}`],
      })),
    ),
  ],
});
