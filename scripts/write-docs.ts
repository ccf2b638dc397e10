/** `npm run docs`: writes the pages that are made from code. `tests/models-page.test.ts` finds them out of date. */
import { fileURLToPath } from 'node:url';
import { writeFileAtomic } from '../src/checkpoint/index.ts';
import { modelsPage } from './models-page.ts';

const path = fileURLToPath(new URL('../docs/models.md', import.meta.url));
await writeFileAtomic(path, modelsPage());
