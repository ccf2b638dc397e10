import { type PageLayout, page } from '../page/page.ts';
import { batchSection } from './batch-section.ts';
import { header } from './header.ts';
import { layersSection } from './layers-section.ts';
import { masksSection } from './masks-section.ts';
import type { ReplayData } from './replay-data.ts';
import { surroundingsSection } from './surroundings-section.ts';

const layout: PageLayout<ReplayData> = {
  kind: 'A step once more',
  title: ({ step, network }) => `Step ${step} of ${network}`,
  header,
  sections: [surroundingsSection, layersSection, masksSection, batchSection],
  footer: ({ version, run, step }) => `skein ${version} · skein replay ${run} --step ${step}`,
};

/** A step of a run as one HTML file: what it was fed, and what it did to each layer. */
export const replayPage = (data: ReplayData): string => page(layout, data);
