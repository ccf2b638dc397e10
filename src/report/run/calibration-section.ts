import { element } from '../page/element.ts';
import { percent } from '../page/quantity.ts';
import { defineSection } from '../page/section.ts';
import { confidenceHistogram, reliabilityDiagram, reliabilitySummary, tendency } from '../section/reliability.ts';
import type { ReportData } from './report-data.ts';

/** Whether the network's confidence can be believed: the reliability diagram, and how many predictions stand behind it. */
export const calibrationSection = defineSection<ReportData>({
  id: 'calibration',
  heading: 'Can its confidence be believed?',
  draw: ({ calibration, split }) => {
    const { error, gap } = reliabilitySummary(calibration);
    const text = `Expected calibration error ${percent(error)}, over ${calibration.length} bins of the ${split} images.`;
    return [
      element('p', {}, `${text} ${tendency(gap)}`),
      element(
        'div',
        { class: 'pair' },
        reliabilityDiagram('Accuracy by confidence; on the dashed line both agree', calibration),
        confidenceHistogram(calibration),
      ),
    ];
  },
});
