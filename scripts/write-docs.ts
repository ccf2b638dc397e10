/** `npm run docs`: writes the pages that are made from code. `tests/made-pages.test.ts` finds them out of date. */
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../src/files/index.ts';
import { augmentationPictures } from './augmentation-pictures.ts';
import { augmentationsPage } from './augmentations-page.ts';
import { efficiencyPage } from './efficiency-page.ts';
import { modelsPage } from './models-page.ts';
import { partsPage } from './parts-page.ts';

const write = (name: string, text: string | Uint8Array) =>
  writeFileAtomic(fileURLToPath(new URL(`../docs/${name}`, import.meta.url)), text);

await write('models.md', modelsPage());
await write('parts.md', partsPage());
await write('efficiency.md', efficiencyPage());
await write('augmentations.md', augmentationsPage());
for (const [name, picture] of await augmentationPictures()) await write(`augmentations/${name}`, picture);
