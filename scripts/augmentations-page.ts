/** `docs/augmentations.md`: what each augmentation makes of a photograph, from their records. */
import { augmentationSets } from '../src/augmentations/index.ts';
import type { Augmentation } from '../src/data/index.ts';
import { textOf } from '../src/parts/index.ts';
import { augmentations } from '../src/train/index.ts';

/** What a picture shows: its file's name without the ending, and what is applied. */
export interface Shown {
  readonly name: string;
  readonly list: readonly Augmentation[];
}

/** What is drawn where the defaults leave too many images as they are, or change them too little to be seen. */
const drawnWith: Readonly<Record<string, Readonly<Record<string, number>>>> = {
  grey: { probability: 0.5 },
  padCrop: { pad: 28 },
};

const shownOf = ({ name, from }: (typeof augmentations.parts)[number]): Shown => ({
  name,
  list: [from(drawnWith[name] ?? {})],
});

/** All pictures of the page. */
export const shownAugmentations: readonly Shown[] = [
  ...augmentationSets.filter(({ list }) => list.length > 0).map(({ name, list }) => ({ name, list })),
  ...augmentations.parts.map(shownOf),
];

const picture = (name: string, text: string): string => `![${text}](augmentations/${name}.jpg)`;

/** The page as Markdown. */
export function augmentationsPage(): string {
  const sets = augmentationSets.map(({ name, about, list }) =>
    [
      `### ${name}`,
      about,
      ...(list.length > 0
        ? [`\`--augment ${list.map(written).join(',')}\``, picture(name, `six draws of ${name}`)]
        : []),
    ].join('\n\n'),
  );
  const parts = augmentations.parts.map(({ name, about, source }) => {
    const paper = source === undefined ? '' : ` ([${source}](https://arxiv.org/abs/${source.replace('arXiv:', '')}))`;
    const [option] = Object.entries(drawnWith[name] ?? {});
    const drawn = option ? ` Drawn here with \`${option.join('=')}\`.` : '';
    const text = `**${about}**${paper}.${drawn}${notes[name] === undefined ? '' : ` ${notes[name]}`}`;
    return [`### ${name}`, text, picture(name, `six draws of ${name}`)].join('\n\n');
  });
  return `${[introduction, ...sets, '## One by one', ...parts].join('\n\n')}\n`;
}

const introduction = `# Augmentations in pictures

\`npm run docs\` writes this page and its pictures. On the left is the photograph, cut to 224×224 at its centre, and beside it six random draws with
the defaults, at that size; [parts.md](parts.md#augmentations) has all options. The photographs are of the
[clothing dataset](https://github.com/alexeygrigorev/clothing-dataset), which is in the public domain (CC0).

\`--augment\` takes the name of a set, or a list such as \`randomResizedCrop:scale=0.5/1,flip\`; in code these are functions:
\`augment: [randomResizedCrop({ scale: [0.5, 1] }), flip()]\`, or \`augment: augmentationSet('strong')\`. Each augmentation draws from a stream of
its own, named after the seed, the epoch and the image: with one more in the list, the others change images as before.

A crop that comes first is cut from the file's own picture, so that a small box still has its details; elsewhere in the list it is cut from the
image at the network's size.

## Sets`;

const mixing =
  'A run has at most one augmentation that mixes: of `mixup`, `cutmix` and `mix`, the last mixes each batch in one of the two ways, by lot, as timm ' +
  'and torchvision’s recipes do. The training accuracy that is shown counts an image’s own label, which is always the one with the larger share; ' +
  'it is lower than without, as is meant.';

const notes: Readonly<Record<string, string>> = {
  padCrop:
    'Meant for images of 32×32, where the four pixels of the default are an eighth of the side, as these 28 are.',
  mix: mixing,
  mixup: 'See `mix` for how it goes with others.',
  cutmix: 'See `mix` for how it goes with others.',
  repeatedAugmentation: 'The first six of a batch, with `randomResizedCrop` and `flip`.',
  flip: 'Leave it out where left and right mean something, as in text.',
};

/** `erase:probability=0.1`: what differs from the defaults. */
function written({ name, options }: Augmentation): string {
  const { options: own } = augmentations.find('docs', name);
  const words = Object.entries(options)
    .filter(([key, value]) => textOf(value) !== own[key]?.defaultText)
    .map(([key, value]) => `${key}=${textOf(value)}`);
  return [name, words.join(',')].filter((word) => word !== '').join(':');
}
