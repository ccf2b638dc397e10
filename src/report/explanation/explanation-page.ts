import { type PageLayout, page } from '../page/page.ts';
import { checksSection } from './checks-section.ts';
import type { ExplanationData } from './explanation-data.ts';
import { explanationStyle } from './explanation-style.ts';
import { header } from './header.ts';
import { mapsSection } from './maps-section.ts';
import { readingSection } from './reading-section.ts';
import { weightsSection } from './weights-section.ts';

const layout: PageLayout<ExplanationData> = {
  kind: 'Explanation',
  title: ({ network }) => `What ${network} looks at`,
  header,
  sections: [mapsSection, checksSection, weightsSection, readingSection],
  style: explanationStyle,
  footer: ({ version, checkpoint }) =>
    `skein ${version} · explanation.html of ${checkpoint} · the pictures are beside it as PNG, each with its map as .npy`,
};

/** What a network looks at, as one HTML file: each image under its maps, and what speaks for them. */
export const explanationPage = (data: ExplanationData): string => page(layout, data);
