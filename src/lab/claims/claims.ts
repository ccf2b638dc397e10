/** The claims of `skein lab claims`: a file each, and a line here. */
import { awaitedClaims } from './awaited.ts';
import type { Claim } from './claim.ts';
import { conventional } from './conventional.ts';
import { degradationClaim } from './degradation.ts';
import { imageClassification } from './image-classification.ts';
import { overfittingClaim } from './overfitting.ts';
import { sameTraining } from './same-training.ts';
import { scalingClaim } from './scaling.ts';

const records: readonly Claim[] = [
  degradationClaim,
  imageClassification,
  sameTraining,
  scalingClaim,
  overfittingClaim,
  conventional,
];

/** All of the article's, by their number. */
export const claims: readonly Claim[] = awaitedClaims.map(
  (claim) => records.find(({ number }) => number === claim.number) ?? claim,
);
