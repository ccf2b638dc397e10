/** A part of a page as a record: a file defines it, and a line in a page's list shows it. */
import { type Child, element, type PageElement } from './element.ts';

/** A part of a page: what it shows of the page's data. */
export interface Section<D> {
  /** What links to it are called; unique on a page. */
  readonly id: string;
  readonly heading: string | ((data: D) => string);
  /** Whether there is something to show; default: always. */
  readonly isShown?: (data: D) => boolean;
  readonly draw: (data: D) => readonly Child[];
}

/** A section as it is, with its type checked. */
export const defineSection = <D>(section: Section<D>): Section<D> => section;

/** A section of other data, where a page's data holds all that it needs; it is not shown where `of` finds none. */
export const sectionOf = <E, D>(section: Section<D>, of: (data: E) => D | undefined): Section<E> => {
  const { id, heading, isShown = () => true, draw } = section;
  return {
    id,
    heading: typeof heading === 'string' ? heading : (data) => heading(of(data) as D),
    isShown: (data) => {
      const own = of(data);
      return own !== undefined && isShown(own);
    },
    draw: (data) => draw(of(data) as D),
  };
};

/** What a section is called on the page of this data. */
export const headingOf = <D>({ heading }: Section<D>, data: D): string =>
  typeof heading === 'string' ? heading : heading(data);

/** The sections of a list that have something to show. */
export const shownSections = <D>(sections: readonly Section<D>[], data: D): Section<D>[] =>
  sections.filter(({ isShown = () => true }) => isShown(data));

/** A section under its heading. */
export function drawSection<D>(section: Section<D>, data: D): PageElement {
  const { id, draw } = section;
  return element('section', { 'aria-labelledby': id }, element('h2', { id }, headingOf(section, data)), ...draw(data));
}
