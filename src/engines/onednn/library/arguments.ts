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
  diffBias: 169,
  diffScale: 255,
  diffShift: 256,
};

const multipleSources = 1024;
const secondSource = 2;

/** The number of an argument; that of the first post-op differs between versions. NaN for a name that is none. */
export function argumentNumber(name: ArgumentName, postOpBase: number): number {
  const numbered = /^(source|postOp)(\d+)$/.exec(name);
  if (!numbered) return numbers[name] ?? Number.NaN;
  const index = Number(numbered[2]);
  return numbered[1] === 'source' ? multipleSources + index : postOpBase * (index + 1) + secondSource;
}

/** The arguments of a description but workspace and scratchpad, which only the finished primitive knows. */
export function describedArguments(description: PrimitiveDescription): ArgumentName[] {
  const postOps = (description.postOps ?? []).flatMap((postOp, i): ArgumentName[] =>
    postOp.kind === 'binary' ? [`postOp${i}`] : [],
  );
  return [...ownArguments(description), ...postOps];
}

function ownArguments(description: PrimitiveDescription): ArgumentName[] {
  switch (description.kind) {
    case 'convolution':
    case 'innerProduct':
      if (description.pass === 'backwardData') return ['diffDst', 'weights', 'diffSrc'];
      if (description.pass === 'backwardWeights')
        return ['src', 'diffDst', 'diffWeights', ...(description.diffBias ? (['diffBias'] as const) : [])];
      return ['src', 'weights', ...(description.bias ? (['bias'] as const) : []), 'dst'];
    case 'matmul':
      return ['src', 'weights', ...(description.bias ? (['bias'] as const) : []), 'dst'];
    case 'batchNormalization':
      return batchNormalizationArguments(description);
    case 'pooling':
      return description.pass === 'backward' ? ['diffDst', 'diffSrc'] : ['src', 'dst'];
    case 'eltwise':
      if (description.pass !== 'backward') return ['src', 'dst'];
      return [description.algorithm.endsWith('ByDst') ? 'dst' : 'src', 'diffDst', 'diffSrc'];
    case 'binary':
      return ['src', 'src1', 'dst'];
    case 'sum':
    case 'concat':
      return [...description.sources.map((_, i): ArgumentName => `source${i}`), 'dst'];
    case 'reorder':
    case 'reduction':
    case 'softmax':
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
  const gradients: ArgumentName[] =
    pass === 'backward'
      ? [...(useScale ? ['diffScale' as const] : []), ...(useShift ? ['diffShift' as const] : [])]
      : [];
  return ['src', ...scale, ...statistics, 'diffDst', 'diffSrc', ...gradients];
}
