/** The claims of `skein lab claims`: a file each, and a line here. */
import { awaitedClaims } from './awaited.ts';
import type { Claim } from './claim.ts';
import { conventional } from './conventional.ts';
import { degradationClaim } from './degradation.ts';
import { denseConnections } from './dense-connections.ts';
import { imageClassification } from './image-classification.ts';
import { overfittingClaim } from './overfitting.ts';
import { parametersAndCost } from './parameters-and-cost.ts';
import { sameTraining } from './same-training.ts';
import { scalingClaim } from './scaling.ts';

const records: readonly Claim[] = [
  degradationClaim,
  denseConnections,
  imageClassification,
  sameTraining,
  parametersAndCost,
  scalingClaim,
  overfittingClaim,
  conventional,
];

/** All of the article's, by their number. */
export const claims: readonly Claim[] = awaitedClaims.map(
  (claim) => records.find(({ number }) => number === claim.number) ?? claim,
);
