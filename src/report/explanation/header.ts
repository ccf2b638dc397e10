import { type Child, element, named } from '../page/element.ts';
import { plural } from '../page/quantity.ts';
import type { ExplanationData } from './explanation-data.ts';

/** The network, what it was asked, and with which methods. */
export function header({ network, images, layer, methods }: ExplanationData): readonly Child[] {
  const wrong = images.filter(
    ({ truth, predictions }) => truth !== undefined && predictions[0]?.label !== truth,
  ).length;
  const about = wrong === images.length && wrong > 0 ? 'that it is wrong about' : 'under its maps';
  return [
    element('h1', {}, 'What ', named(network), ' looks at'),
    element('p', { class: 'data' }, `${plural(images.length, 'image')} ${about}`),
    element(
      'p',
      { class: 'lead' },
      `${methods.map(({ title }) => title).join(', ')}${layer === undefined ? '' : `; layer ${layer}`}. ` +
        'What is coloured speaks for the label, the lighter the more; what is grey does not, or speaks against it. ' +
        'A map is only as good as its checks: read them before you believe it.',
    ),
  ];
}
