import { element, named } from '../page/element.ts';
import { defineSection } from '../page/section.ts';
import { row, table } from '../page/table.ts';
import type { ReplayData } from './replay-data.ts';

/** What is not as the run recorded it. */
export const surroundingsSection = defineSection<ReplayData>({
  id: 'surroundings',
  heading: 'What is not as it was',
  isShown: ({ changed }) => changed.length > 0,
  draw: ({ changed }) => [
    element(
      'p',
      {},
      'The same bytes are promised for the same engine, threads and data alone. The run recorded something else here:',
    ),
    table({
      head: ['what', 'recorded', 'now'],
      numbersFrom: 3,
      rows: changed.map(({ what, recorded, now }) =>
        row(what, element('td', {}, named(recorded)), element('td', {}, named(now))),
      ),
    }),
  ],
});
