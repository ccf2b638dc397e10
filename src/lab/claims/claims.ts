/** The claims of `skein lab claims`: a file each, and a line here. */
import { awaitedClaims } from './awaited.ts';
import type { Claim } from './claim.ts';
import { degradationClaim } from './degradation.ts';

const records: readonly Claim[] = [degradationClaim];

/** All of the article's, by their number. */
export const claims: readonly Claim[] = awaitedClaims.map(
  (claim) => records.find(({ number }) => number === claim.number) ?? claim,
);
