import type { Command } from 'commander';
import { allPublishedWeights, describeModels, findModel, type ModelDescription, models } from '../models/index.ts';
import type { Options } from '../parts/index.ts';
import type { Output, Surroundings } from './output.ts';
import { count, macs } from './quantity.ts';
import { textTable } from './text-table.ts';

/** `skein models` */
export function addModelsCommand(program: Command, { output }: Surroundings): void {
  program
    .command('models')
    .description('List the networks that train, with their size and cost')
    .argument('[model]', 'one of them, and the options that its name leaves open')
    .option('--json', 'print an array of { name, family, paper, input, classes, params, macs, weights }')
    .addHelpText('after', '\nExamples:\n  skein models --json\n  skein models resnet50')
    .action((model: string | undefined, flags: { json?: boolean }) => {
      const out = output(flags);
      const descriptions = describeModels(model === undefined ? undefined : findModel(model).name);
      if (flags.json) return out.json(descriptions);
      printModels(descriptions, out);
      if (model !== undefined) printOptions(models.get(model)?.open ?? {}, out);
      if (model !== undefined) printWeights(model, out);
      out.line();
      const macsAre = 'MACs are multiply-adds for one image of the given size.';
      if (model !== undefined) out.paragraph(`${macsAre} Next: ${out.command} train ${model} --data DATA`);
      else {
        out.paragraph(macsAre);
        printStart(out);
      }
    });
}

function printModels(descriptions: readonly ModelDescription[], output: Output): void {
  const cells = descriptions.map(({ name, input, params, macs: n }) => [name, input.join('×'), count(params), macs(n)]);
  const [header = '', ...lines] = textTable(['name', 'input', 'parameters', 'MACs'], cells);
  let family: string | undefined;
  descriptions.forEach((description, i) => {
    if (description.family !== family) {
      family = description.family;
      const title = models.get(description.name)?.family.title ?? '';
      if (i > 0) output.line();
      const [first = '', ...rest] = output.folded(`${family}: ${title} (${description.paper})`);
      output.line(output.style('bold', family) + first.slice(family.length));
      for (const line of rest) output.line(`  ${line}`);
      output.line(output.style('dim', `  ${header}`));
    }
    output.line(`  ${lines[i]}`);
  });
}

function printStart(output: Output): void {
  const { command } = output;
  output.labelled('photographs', `${command} train resnet18 --weights imagenet --fine-tune all --data DATA`, 12);
  output.labelled(
    'small images',
    `${command} train resnet20 --data DATA; up to 64×64 pixels, minutes on a few cores`,
    12,
  );
  output.labelled('not sure', `${command} data DATA ends with the command for your images and this machine`, 12);
}

function printOptions(open: Options, output: Output): void {
  const cells = Object.entries(open).map(([key, option]) => [
    key,
    option.defaultText,
    `${option.about}: ${option.takes}`,
  ]);
  if (cells.length === 0) {
    output.line('\nIts name leaves no options open.');
    return;
  }
  const [header = '', ...lines] = textTable(['option', 'default', ''], cells, { left: 3 });
  output.line(`\nWith --option KEY=VALUE:\n${output.style('dim', `  ${header}`)}`);
  for (const line of lines) output.line(`  ${line}`);
}

function printWeights(model: string, output: Output): void {
  const all = allPublishedWeights(model);
  const [first] = all;
  if (!first) return;
  output.line(`\nPublished ImageNet weights, with --weights imagenet for ${first.tag}, or imagenet:TRAINING:`);
  const cells = all.map(({ tag, licence, source, training }) => [tag, licence, source, training]);
  const [header = '', ...lines] = textTable(['training', 'licence', 'from', ''], cells, { left: 4 });
  output.line(output.style('dim', `  ${header}`));
  for (const line of lines) output.line(`  ${line}`);
}
