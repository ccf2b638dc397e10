import { badImagesSection } from './bad-images.ts';
import { calibrationSection } from './calibration-section.ts';
import { classTable } from './class-table.ts';
import { confusionSection } from './confusion-section.ts';
import { doubtfulSection } from './doubtful-section.ts';
import { element, titleElement } from './element.ts';
import { forecastSection } from './forecast-section.ts';
import { header } from './header.ts';
import { learningCurves } from './learning-curves.ts';
import { batchSection, mistakesSection } from './pictures.ts';
import { count } from './quantity.ts';
import { ratesSection } from './rates-section.ts';
import type { ReportData } from './report-data.ts';
import { stylesheet } from './stylesheet.ts';

/** Nothing is fetched and nothing is run, whatever names and files hold. */
const policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/** A run as one HTML file that needs nothing else: no script, no font, no network. */
export function reportPage(run: ReportData): string {
  const head = element(
    'head',
    {},
    element('meta', { charset: 'utf-8' }),
    element('meta', { 'http-equiv': 'Content-Security-Policy', content: policy }),
    element('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
    element('meta', { name: 'color-scheme', content: 'light dark' }),
    titleElement(`${run.network} on ${run.data}`),
    element('style', {}, stylesheet),
  );
  const main = element(
    'main',
    {},
    header(run),
    learningCurves(run),
    ...ratesSection(run),
    confusionSection(run),
    classTable(run),
    calibrationSection(run),
    mistakesSection(run),
    ...forecastSection(run),
    ...doubtfulSection(run),
    batchSection(run),
    ...badImagesSection(run),
    element(
      'footer',
      {},
      `skein ${run.facts.version} · report.html of a run with ${count(run.history.length)} epochs · the numbers behind the ` +
        'curves are in results.csv and metrics.jsonl beside it',
    ),
  );
  return `<!doctype html>\n${element('html', { lang: 'en' }, head, element('body', {}, main)).outerHTML}\n`;
}
