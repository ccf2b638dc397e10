/** What trying a library showed. */
import { isMissing, type MissingLibrary } from '../library/index.ts';

/** A library that computes what it should on this machine. */
export interface TriedLibrary {
  readonly path: string;
  readonly version: string;
  /** Training in bfloat16 is fast here, and right. */
  readonly bfloat16: boolean;
  /** What was wrong, where it would be fast. */
  readonly bfloat16Problem?: string;
}

/** One that does not, cannot be loaded, or is no oneDNN. */
export interface UnusableLibrary {
  /** The file, where it could be loaded. */
  readonly path?: string;
  readonly problem: string;
  readonly hint?: string;
}

export type ProbeAnswer = TriedLibrary | UnusableLibrary | MissingLibrary;

export const isUnusable = (answer: ProbeAnswer): answer is UnusableLibrary => 'problem' in answer && !isMissing(answer);

/** Undefined for what is no answer. */
export function asAnswer(value: unknown): ProbeAnswer | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { path, version, bfloat16, bfloat16Problem, ...other } = value as Record<string, unknown>;
  const { problem, hint, missing, command, remedy } = other;
  const areTexts = (...values: unknown[]) => values.every((one) => typeof one === 'string');
  const isUsable = areTexts(path, version, bfloat16Problem ?? '') && typeof bfloat16 === 'boolean';
  const isAbsent = areTexts(missing, problem, command ?? '', remedy);
  const isProblem = missing === undefined && areTexts(problem, hint ?? '', path ?? '');
  return isUsable || isAbsent || isProblem ? (value as ProbeAnswer) : undefined;
}
