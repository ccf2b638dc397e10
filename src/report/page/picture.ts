/** Images on pages, inside the file itself. */
import { element, type PageElement } from './element.ts';

/** A PNG file's bytes. */
export interface Picture {
  readonly png: Uint8Array;
  readonly height: number;
  readonly width: number;
}

/** A picture with its caption. @param alt what it shows, for those who do not see it */
export function figure(picture: Picture, alt: string, ...caption: PageElement[]): PageElement {
  return element('figure', {}, image(picture, alt), element('figcaption', {}, ...caption));
}

/** The picture alone: few pixels are shown as they are, many are scaled smoothly. */
export function image({ png, height, width }: Picture, alt: string): PageElement {
  return element('img', {
    src: `data:image/png;base64,${Buffer.from(png).toString('base64')}`,
    alt,
    width: String(width),
    height: String(height),
    ...(Math.max(width, height) <= 64 && { class: 'crisp' }),
  });
}

/** Pictures side by side. */
export const pictures = (figures: readonly PageElement[], kind: 'usual' | 'small' = 'usual'): PageElement =>
  element('div', { class: kind === 'small' ? 'pictures small' : 'pictures' }, ...figures);
