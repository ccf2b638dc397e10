/** Small runs of every kind of primitive, each compared with plain loops. */
import { batchNormChecks } from './batch-norm-checks.ts';
import { convolutionChecks } from './convolution-checks.ts';
import { elementwiseChecks } from './elementwise-checks.ts';
import { poolingChecks } from './pooling-checks.ts';
import { productChecks } from './product-checks.ts';
import type { Check } from './workbench.ts';

export const checks: ReadonlyMap<string, Check> = new Map([
  ...elementwiseChecks,
  ...convolutionChecks,
  ...batchNormChecks,
  ...poolingChecks,
  ...productChecks,
]);
