import type { ClassScores } from '../../metrics/index.ts';
import type { EvaluationReport } from './evaluation-data.ts';

/** A class's scores with its name and index. */
export interface NamedScores extends ClassScores {
  readonly label: number;
  readonly name: string;
}

/** Classes that have images, the worst F1 first. */
export const classesByF1 = ({ classes, confusion }: Pick<EvaluationReport, 'classes' | 'confusion'>): NamedScores[] =>
  confusion
    .perClass()
    .map((scores, label) => ({ ...scores, label, name: classes[label] as string }))
    .filter(({ support }) => support > 0)
    .sort((a, b) => a.f1 - b.f1);
