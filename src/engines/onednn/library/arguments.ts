/** Which memories a primitive needs, and the numbers under which it takes them. */
import type { ArgumentName, PrimitiveDescription } from './description.ts';

const numbers: Readonly<Record<string, number>> = {
  src: 1,
  src1: 2,
  dst: 17,
  weights: 33,
  bias: 41,
  mean: 49,
  variance: 50,
  scale: 51,
  shift: 52,
  workspace: 64,
  scratchpad: 80,
  diffSrc: 129,
  diffDst: 145,
  diffWeights: 161,
  diffScale: 255,
  diffShift: 256,
};

const multipleSources = 1024;

/** The number of an argument. NaN for a name that is none. */
export function argumentNumber(name: ArgumentName): number {
  const numbered = /^source(\d+)$/.exec(name);
  return numbered ? multipleSources + Number(numbered[1]) : (numbers[name] ?? Number.NaN);
}

/** The arguments of a description but workspace and scratchpad, which only the finished primitive knows. */
export function describedArguments(description: PrimitiveDescription): ArgumentName[] {
  switch (description.kind) {
    case 'convolution':
      if (description.pass === 'backwardData') return ['diffDst', 'weights', 'diffSrc'];
      if (description.pass === 'backwardWeights') return ['src', 'diffDst', 'diffWeights'];
      return ['src', 'weights', ...(description.bias ? (['bias'] as const) : []), 'dst'];
    case 'matmul':
      return ['src', 'weights', ...(description.bias ? (['bias'] as const) : []), 'dst'];
    case 'innerProduct':
      return ['src', 'weights', 'dst'];
    case 'batchNormalization':
      return batchNormalizationArguments(description);
    case 'pooling':
      return description.pass === 'backward' ? ['diffDst', 'diffSrc'] : ['src', 'dst'];
    case 'eltwise':
      return description.pass === 'backward' ? ['dst', 'diffDst', 'diffSrc'] : ['src', 'dst'];
    case 'binary':
      return ['src', 'src1', 'dst'];
    case 'sum':
    case 'concat':
      return [...description.sources.map((_, i): ArgumentName => `source${i}`), 'dst'];
    case 'reorder':
      return ['src', 'dst'];
  }
}

function batchNormalizationArguments(
  description: Extract<PrimitiveDescription, { kind: 'batchNormalization' }>,
): ArgumentName[] {
  const { pass, useScale, useShift, useGlobalStatistics } = description;
  const scale: ArgumentName[] = useScale ? ['scale'] : [];
  const shift: ArgumentName[] = useShift ? ['shift'] : [];
  const statistics: ArgumentName[] = ['mean', 'variance'];
  if (pass === 'forwardInference')
    return ['src', ...scale, ...shift, ...(useGlobalStatistics ? statistics : []), 'dst'];
  if (pass === 'forwardTraining') return ['src', ...scale, ...shift, ...statistics, 'dst'];
  const gradients: ArgumentName[] = [
    ...(useScale ? ['diffScale' as const] : []),
    ...(useShift ? ['diffShift' as const] : []),
  ];
  return ['src', ...scale, ...statistics, 'diffDst', 'diffSrc', ...gradients];
}
