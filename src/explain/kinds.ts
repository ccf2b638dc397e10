/** The methods, by name. */
import { Kind } from '../parts/index.ts';
import * as methodParts from './methods/index.ts';
import type { Method } from './methods/method.ts';

export const methods = new Kind<Method>('method', methodParts, {
  hint: 'docs/parts.md has all options; one of your own can only be used from code: explain(checkpoint, { images, methods: [ … ] })',
});
