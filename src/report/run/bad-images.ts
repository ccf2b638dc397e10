import { element } from '../page/element.ts';
import { count, plural } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { unreadTable } from '../section/unread-table.ts';
import type { ReportData } from './report-data.ts';

const most = 200;

/** The images that could not be read, where there were some. */
export const badImagesSection = defineSection<ReportData>({
  id: 'bad-images',
  heading: 'Images that could not be read',
  isShown: ({ badImages }) => badImages.length > 0,
  draw: ({ badImages }) => {
    const shown = badImages.slice(0, most);
    const more = badImages.length - shown.length;
    const text =
      `${plural(badImages.length, 'image')} could not be read and ${badImages.length === 1 ? 'was' : 'were'} passed over: in training another one ` +
      `of the batch took its place, and no score counts it.${more > 0 ? ` The first ${most} are here, and ${count(more)} more in metrics.jsonl.` : ''}`;
    return [element('p', {}, text), unreadTable(shown)];
  },
});
