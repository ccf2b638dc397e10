/** `docs/parts.md`: what a run is made of, from the parts' own records. */
import { methodKind } from '../src/explain/index.ts';
import { type Kind, type Named, textOf } from '../src/parts/index.ts';
import { augmentations, averages, fineTunings, objectives, optimisers, schedules } from '../src/train/index.ts';

/** The page as Markdown. */
export function partsPage(): string {
  return [introduction, ...sections.map(section), code].join('\n\n');
}

const introduction = `# The parts of a run

\`npm run docs\` writes this page from the records in \`src/schedules\`, \`src/optimisers\`, \`src/objectives\`, \`src/averages\`, \`src/train/fine-tuning\`, \`src/augmentations\` and \`src/explain/methods\`.

A part is written in the same way everywhere: its name, and after a colon the options that differ from their defaults, separated by commas. Lists of
numbers have slashes between them.

\`\`\`
skein train resnet20 --data cifar10 --augment crop:pad=4,flip --optimiser adamw:betas=0.9/0.95 --lr 0.001 --clip-norm 1 --ema 0.99
\`\`\`

The names of sets of augmentations, \`light\`, \`standard\` and \`strong\`, stand for their lists; [augmentations.md](augmentations.md) has them, and
pictures of all.

In config.yaml \`augment: crop:pad=4,flip\` says the same, and so does a list of names with their options, which is what a run writes.`;

interface Section {
  readonly kind: Kind<Named>;
  readonly title: string;
  readonly flag: string;
  /** Where its keys are. */
  readonly key: string;
}

const sections: readonly Section[] = [
  { kind: schedules, title: 'Schedules', flag: '--schedule', key: 'in config.yaml `schedule`, in code `lr`' },
  { kind: optimisers, title: 'Optimisers', flag: '--optimiser', key: 'in config.yaml and in code `optimiser`' },
  { kind: objectives, title: 'Losses', flag: '--loss', key: 'in config.yaml and in code `loss`' },
  { kind: averages, title: 'Averages of the weights', flag: '--average', key: 'in config.yaml and in code `average`' },
  { kind: fineTunings, title: 'Ways to fine-tune', flag: '--fine-tune', key: 'in config.yaml and in code `fineTune`' },
  {
    kind: augmentations,
    title: 'Augmentations',
    flag: '--augment',
    key: 'in config.yaml and in code `augment`, a list',
  },
  {
    kind: methodKind,
    title: 'Methods of `skein explain`',
    flag: '--method',
    key: 'in code `methods` of `explain`, a list',
  },
];

function section({ kind, title, flag, key }: Section): string {
  const rows = kind.parts.flatMap(({ name, aliases, isDefault, about, source, options }) => {
    const names = [name, ...aliases].map((own) => `\`${own}\``).join(' or ');
    const paper = source === undefined ? '' : ` ([${source}](https://arxiv.org/abs/${source.replace('arXiv:', '')}))`;
    const own = Object.entries(options).map(([option, { about: does, takes, defaultText, flag: short }]) => {
      const also = short === undefined ? '' : `; ${'`'}${short.flags.split(', ').at(-1)?.split(' ')[0]}${'`'}`;
      return `| | \`${option}\` | ${textOf(defaultText)} | ${does}: ${takes}${also} |`;
    });
    return [`| ${names}${isDefault ? ' (default)' : ''} | | | **${about}**${paper} |`, ...own];
  });
  return [
    `## ${title}\n`,
    `\`${flag}\`; ${key}.\n`,
    '| name | option | default | |',
    '|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const code = `## In code

\`\`\`ts
import { adamw, cosine, ema, erase, flip, padCrop, train } from 'skein';

await train({
  model: 'resnet20',
  data: 'cifar10',
  augment: [padCrop({ pad: 4 }), flip(), erase({ probability: 0.25 })],
  optimiser: adamw({ betas: [0.9, 0.95], weightDecay: 0.05 }),
  lr: cosine({ lr: 0.001, warmup: 0.05 }),
  clipNorm: 1,
  average: ema({ decay: 0.99 }),
});
\`\`\`
`;
