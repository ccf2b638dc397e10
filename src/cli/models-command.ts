import type { Command } from 'commander';
import { describeModels, type ModelDescription, models } from '../models/index.ts';
import type { Output, Surroundings } from './output.ts';
import { count, macs } from './quantity.ts';
import { textTable } from './text-table.ts';

/** `skein models` */
export function addModelsCommand(program: Command, { output }: Surroundings): void {
  program
    .command('models')
    .description('List the networks that train, with their size and cost')
    .option('--json', 'print an array of { name, family, paper, input, classes, params, macs }')
    .addHelpText('after', '\nExample:\n  skein models --json')
    .action((flags: { json?: boolean }) => {
      if (flags.json) output(flags).json(describeModels());
      else printModels(describeModels(), output(flags));
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
      output.line(`${i > 0 ? '\n' : ''}${output.style('bold', family)}: ${title} (${description.paper})`);
      output.line(output.style('dim', `  ${header}`));
    }
    output.line(`  ${lines[i]}`);
  });
  output.line(
    `\nMACs are multiply-adds for one image of the given size. Next: ${output.command} train NAME --data DATA`,
  );
}
