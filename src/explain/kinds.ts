/** The methods, by name. */
import { Kind } from '../parts/index.ts';
import type { Method } from './methods/method.ts';
import * as methodParts from './methods/index.ts';

export const methods = new Kind<Method>('method', methodParts);
