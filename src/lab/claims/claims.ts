/** The claims of `skein lab claims`: a file each, and a line here. */
import type { Claim } from './claim.ts';
import { conventional } from './conventional.ts';
import { degradationClaim } from './degradation.ts';
import { denseConnections } from './dense-connections.ts';
import { imageClassification } from './image-classification.ts';
import { interpretabilityClaim } from './interpretability.ts';
import { overfittingClaim } from './overfitting.ts';
import { parametersAndCost } from './parameters-and-cost.ts';
import { reliabilityClaim } from './reliability.ts';
import { sameTraining } from './same-training.ts';
import { scalingClaim } from './scaling.ts';
import { stableGradients } from './stable-gradients.ts';
import { transferClaim } from './transfer.ts';
import { vanishingGradients } from './vanishing-gradients.ts';

/** All of the article's, by their number. */
export const claims: readonly Claim[] = [
  vanishingGradients,
  stableGradients,
  degradationClaim,
  denseConnections,
  imageClassification,
  sameTraining,
  parametersAndCost,
  interpretabilityClaim,
  scalingClaim,
  reliabilityClaim,
  overfittingClaim,
  transferClaim,
  conventional,
];
