import type { PlotOptions } from '@observablehq/plot';
import { drawing } from '../../page/chart.ts';
import { type PageElement, scrollBox } from '../../page/element.ts';

/** Of a chart that has the page's width to itself; on a phone it scrolls before its text gets too small to read. */
export const wideWidth = 680;

/** @param title of the box in which it scrolls @param label what it shows, in words */
export const wideDrawing = (title: string, label: string, options: PlotOptions): PageElement =>
  scrollBox(title, drawing(label, { width: wideWidth, marginTop: 34, marginBottom: 42, ...options }), 'wide');
