/** What the page of an explanation is made of. */
import { encodePng, type Image } from '../data/index.ts';
import { textOf } from '../parts/index.ts';
import type { ExplanationData, MethodChecks, Picture } from '../report/index.ts';
import { type NearImage, version } from '../trained/index.ts';
import type { AboutExplanation } from './about-explanation.ts';
import type { ExplainedImage, ExplainedMap, Explanation, MapChecks } from './explanation.ts';
import { methods as kind } from './kinds.ts';
import { methodTitles } from './method-titles.ts';
import type { Method } from './methods/method.ts';
import { enlarged } from './overlay.ts';

type Pictured = (map: ExplainedMap) => { readonly file: string; readonly picture: Picture };

/** @param pictureOf the overlay of a map, and its file beside the page */
export async function pageData(
  { images, layer }: Explanation,
  { network, checkpoint, methods }: AboutExplanation,
  pictureOf: Pictured,
): Promise<ExplanationData> {
  const titles = methodTitles(methods);
  const all = images.flatMap(({ maps }) => maps);
  return {
    ...{ network, checkpoint, version, layer },
    methods: methods.map((method, i) => explainedBy(method, titles[i] as string, all)),
    images: await Promise.all(images.map((image) => explainedPicture(image, pictureOf))),
  };
}

function explainedBy(method: Method, title: string, all: readonly ExplainedMap[]): ExplanationData['methods'][number] {
  const own = all.filter((map) => map.method === method.name && map.title === title);
  const part = kind.parts.find(({ name }) => name === method.name);
  const options = Object.entries(method.options).map(([key, value]) => `${key} ${textOf(value)}`);
  const checks = own.flatMap((map) => (map.checks ? [map.checks] : []));
  return {
    title,
    about: part?.about ?? 'a method of your own',
    source: part?.source,
    options: options.join(', '),
    maps: own.length,
    checks: checks.length === 0 ? undefined : meanChecks(checks),
  };
}

function meanChecks(checks: readonly MapChecks[]): MethodChecks {
  const [first] = checks as [MapChecks];
  const over = (of: (one: MapChecks) => number) => mean(checks.map(of));
  return {
    insertion: over(({ insertion }) => insertion),
    deletion: over(({ deletion }) => deletion),
    random: { insertion: over(({ random }) => random.insertion), deletion: over(({ random }) => random.deletion) },
    randomised: first.randomised.map(({ path }, stage) => {
      const known = checks.flatMap(({ randomised }) => randomised[stage]?.correlation ?? []);
      return { path, correlation: known.length === 0 ? undefined : mean(known) };
    }),
  };
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

async function explainedPicture(
  { name, image, truth, predictions, maps, nearest = [] }: ExplainedImage,
  pictureOf: Pictured,
): Promise<ExplanationData['images'][number]> {
  // classes may share a name
  const labels = [...new Set(maps.map(({ labelIndex }) => labelIndex))];
  return {
    name,
    picture: await pictureFrom(enlarged(image)),
    truth,
    predictions,
    labels: labels.map((labelIndex) => {
      const own = maps.filter((map) => map.labelIndex === labelIndex);
      const [first] = own as [ExplainedMap];
      return {
        label: first.label,
        probability: first.probability,
        maps: own.map((map) => ({ title: map.title, ...pictureOf(map), checks: map.checks })),
      };
    }),
    nearest: await Promise.all(nearest.map(nearPicture)),
  };
}

async function nearPicture({ dataset, index, label, id, distance }: NearImage) {
  const { image } = await dataset.read(index);
  return { picture: await pictureFrom(image), label, id, distance };
}

async function pictureFrom(image: Image): Promise<Picture> {
  const { height, width } = image;
  return { png: await encodePng(image), height, width };
}
