/** Where each place of a changed image lies in the one before: (x, y) ↦ (a x + b y + c, d x + e y + f), as PIL's transform takes it. */
import type { Extent } from '../../data/index.ts';

export type Matrix = readonly [a: number, b: number, c: number, d: number, e: number, f: number];

/** What is done to an image, round a centre. */
export interface AffineChange {
  /** Degrees, clockwise. */
  readonly angle?: number;
  /** Pixels right and down. */
  readonly translate?: readonly [right: number, down: number];
  readonly scale?: number;
  /** Degrees, along the rows and along the columns. */
  readonly shear?: readonly [across: number, down: number];
  /** Default: the image's. */
  readonly centre?: readonly [x: number, y: number];
}

const radians = (degrees: number): number => (degrees * Math.PI) / 180;

/**
 * The inverse of T C R(angle) S(scale) Y(down) X(across) C⁻¹: C moves the centre to the origin's place, T translates, and
 * X = [1 −tan across; 0 1], Y = [1 0; −tan down 1], as torchvision's `affine` has them.
 */
export function inverseOf({ height, width }: Extent, change: AffineChange): Matrix {
  const { angle = 0, translate = [0, 0], scale = 1, shear = [0, 0], centre = [width / 2, height / 2] } = change;
  const [turn, across, down] = [radians(angle), radians(shear[0]), radians(shear[1])];
  // R(angle) Y(down) X(across), whose determinant is 1
  const m00 = Math.cos(turn - down) / Math.cos(down);
  const m01 = -m00 * Math.tan(across) - Math.sin(turn);
  const m10 = Math.sin(turn - down) / Math.cos(down);
  const m11 = -m10 * Math.tan(across) + Math.cos(turn);
  const [a, b, d, e] = [m11 / scale, -m01 / scale, -m10 / scale, m00 / scale];
  const [x, y] = centre;
  const [fromX, fromY] = [-x - translate[0], -y - translate[1]];
  return [a, b, a * fromX + b * fromY + x, d, e, d * fromX + e * fromY + y];
}

/** Turned anticlockwise round the centre, as PIL's Image.rotate. */
export function rotation({ height, width }: Extent, degrees: number): Matrix {
  const [cos, sin] = [rounded(Math.cos(radians(-degrees))), rounded(Math.sin(radians(-degrees)))];
  const [x, y] = [width / 2, height / 2];
  return [cos, sin, -cos * x - sin * y + x, -sin, cos, sin * x - cos * y + y];
}

/** To 15 digits, so that quarter turns are exact. */
const rounded = (x: number): number => Number(x.toFixed(15));
