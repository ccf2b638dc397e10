import { quoted } from '../tensor/index.ts';

/** Names of datasets and paths, as a person gives them: one, or several that count as one dataset. */
export type DataSource = string | readonly string[];

/** Whether it is what a person gives, rather than what code made. */
export const isDataSource = (data: unknown): data is DataSource => typeof data === 'string' || Array.isArray(data);

/** For messages: one as it is, several joined by `+`. */
export const sourceText = (source: DataSource): string => (typeof source === 'string' ? source : source.join(' + '));

/** Each of them. */
export const sourcesOf = (source: DataSource): readonly string[] => (typeof source === 'string' ? [source] : source);

/** The command that lists what is wrong with it, as a shell takes it. */
export const surveyCommand = (source: DataSource): string => `skein data ${sourcesOf(source).map(quoted).join(' ')}`;
