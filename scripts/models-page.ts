/** `docs/models.md`: every network's size and cost, counted from its graph, beside what was published about it. */

import { largestReceptiveField, layersOf, type Program, plan, structureOf } from '../src/ir/index.ts';
import { allPublishedWeights, type Family, models, type Variant } from '../src/models/index.ts';
import type { ImageSize } from '../src/nn/index.ts';
import { predictionProgram } from '../src/step/index.ts';

/** The page as Markdown. */
export function modelsPage(): string {
  const families = [...new Set([...models.values()].map(({ family }) => family))];
  const small = families.filter((family) => imageOf(family).height <= 64);
  const large = families.filter((family) => !small.includes(family));
  return [
    introduction,
    '## For small images',
    'Made for 32×32 pixels and 10 classes.',
    ...small.flatMap(sections),
    '## For large images',
    'Made for 224×224 pixels and 1000 classes.',
    ...large.flatMap(sections),
    publishedPage(),
    notes,
  ].join('\n\n');
}

const introduction = `# The networks

\`npm run docs\` writes this page from the tables in \`src/models\`; the numbers that are not published ones are counted from each network's graph.

Start small: \`resnet20\` for images up to 64 pixels wide, \`resnet18\` above. A dense network reaches the accuracy of a residual one with fewer
parameters, but needs more memory to train. Plain and conventional networks are controls: they show what shortcuts are for.

\`\`\`
skein inspect resnet20                                      layers, cost and memory
skein train resnet20 --data photos --image-size 32          train it on a folder of images
\`\`\`

Each takes any number of classes and channels, and other image sizes. *Layers* are those with weights on the longest way through the network. *MACs* are
multiply-adds for one image. *Sees* is how many pixels of the image, in height and width, a place of the last map depends on; it may be more than there are.
*Memory* is the sum of all results for one image: what training must keep grows with it.

Below each table are the options that networks of the family are built with, in code: \`densenet({ depth: 40, growth: 12, dropout: 0.2 })\`.
Those that a name does not decide are open on the command line: \`skein models densenet40-k12\` lists them, and \`--option dropout=0.2\` changes one. A run
records all of them as \`modelOptions\` in its config.yaml.`;

const notes = `## Where the published numbers come from

Errors on CIFAR-10 and CIFAR-100 are the papers', in percent, trained on shifted and flipped images. Top-1 and top-5 are the percentages that
torchvision gives for its first weights of these networks (\`IMAGENET1K_V1\`) on ImageNet's validation images, one centre crop each. A dash means
that none is recorded here. Networks trained with Skein reach what [results.md](results.md) says.
`;

/** Every training whose weights are published. */
function publishedPage(): string {
  const rows = [...models.keys()]
    .flatMap(allPublishedWeights)
    .map(({ model, tag, licence, source, training, pixels }) => {
      const { side, crop, interpolation } = pixels;
      const repository = source.replace('hf:', '');
      const cells = [
        `\`${model}\``,
        `[\`${tag}\`](https://huggingface.co/${repository})`,
        licence,
        `${side}, ${crop}, ${interpolation}`,
        training,
      ];
      return `| ${cells.join(' | ')} |`;
    });
  return [
    `${weightsIntroduction}\n`,
    '| name | training | licence | pixels | by |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

const weightsIntroduction = `## Published weights

\`skein train NAME --weights imagenet\` starts from weights that were trained on ImageNet: the first training that the table has of the network.
\`--weights imagenet:a1_in1k\` takes another. They are downloaded once from Hugging Face, where timm keeps them. *Pixels* are the size of the image, the
share of the scaled picture that is cut out of its centre, and how it was scaled; the repository's own config.json counts where it says otherwise.
Networks that are not in the table have none.

Without a way to Hugging Face, \`HF_ENDPOINT\` names a mirror, and \`SKEIN_WEIGHTS\` a folder of your own, in which
\`resnet18.tv_in1k/model.safetensors\` and \`resnet18.tv_in1k/config.json\` are looked for, or \`resnet18.tv_in1k.safetensors\` alone.`;

function imageOf({ variants }: Family): ImageSize {
  const [first] = variants.values();
  return first?.network.image as ImageSize;
}

type Column = readonly [name: string, cell: (variant: Variant, program: Program) => string];

const columns: readonly Column[] = [
  ['layers', (_, program) => String(structureOf(program).depth)],
  ['parameters', (_, program) => plan(program).params.toLocaleString('en-US')],
  ['MACs', (_, program) => macsText(plan(program).macs)],
  ['sees', (_, program) => fieldText(program)],
  ['memory', (_, program) => `${(activationBytes(program) / 1e6).toFixed(1)} MB`],
];

const published: readonly Column[] = [
  ['CIFAR-10 error', ({ published: { cifar10 } }) => cifar10?.toFixed(2) ?? '–'],
  ['CIFAR-100 error', ({ published: { cifar100 } }) => cifar100?.toFixed(2) ?? '–'],
  ['top-1', ({ published: { top1 } }) => top1?.toFixed(2) ?? '–'],
  ['top-5', ({ published: { top5 } }) => top5?.toFixed(2) ?? '–'],
];

/** Networks and options. */
const sections = (family: Family): string[] => [section(family), optionsOf(family)];

function section({ name, title, paper, variants }: Family): string {
  const rows = [...variants].map(([variant, row]) => [variant, row, programOf(row)] as const);
  const known = published.filter(([, cell]) => rows.some(([, row, program]) => cell(row, program) !== '–'));
  const shown = [...columns, ...known];
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `### ${name}\n\n${title} ([${paper}](https://arxiv.org/abs/${paper.replace('arXiv:', '')}))\n`,
    line(['name', ...shown.map(([column]) => column)]),
    `|---|${'---:|'.repeat(shown.length)}`,
    ...rows.map(([variant, row, program]) => line([`\`${variant}\``, ...shown.map(([, cell]) => cell(row, program))])),
  ].join('\n');
}

function optionsOf({ name, about, options, variants }: Family): string {
  const decided = Object.keys(options).filter((key) => [...variants.values()].some(({ open }) => !(key in open)));
  const first = [...models.values()].find(({ family }) => family.options === options)?.family.name;
  if (first !== name)
    return `Options as of [${first}](#${first}); here a name decides ${decided.map((key) => `\`${key}\``).join(', ')}.`;
  const rows = Object.entries(options).map(
    ([key, { about: does, takes, isNeeded, defaultText }]) =>
      `| \`${key}\` | ${isNeeded ? 'by name' : defaultText} | ${does}: ${takes} |`,
  );
  return [`Built as ${about}:\n`, '| option | default | |', '|---|---|---|', ...rows].join('\n');
}

function programOf({ network }: Variant): Program {
  const { image, classes = 0 } = network;
  return predictionProgram({ network, image: image as ImageSize, classes, batchSize: 1 });
}

const macsText = (macs: number) => (macs >= 1e9 ? `${(macs / 1e9).toFixed(2)} G` : `${(macs / 1e6).toFixed(1)} M`);

const activationBytes = (program: Program) => layersOf(program).reduce((sum, layer) => sum + layer.activationBytes, 0);

function fieldText(program: Program): string {
  const field = largestReceptiveField(program);
  return typeof field === 'object' ? field.join('×') : 'all';
}
