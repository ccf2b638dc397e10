import { columns, shortened } from '../page/quantity.ts';

/** A label in lines of at most `width` columns, broken between its parts; what is beyond `most` lines is cut with an …. */
export function wrapped(label: string, width: number, most: number): string[] {
  if (columns(label) <= width) return [label];
  const lines: string[] = [];
  for (const word of label.split(' · ')) {
    const last = lines.at(-1);
    const joined = `${last} · ${word}`;
    if (last !== undefined && (columns(joined) + 2 <= width || lines.length === most)) lines[lines.length - 1] = joined;
    else lines.push(word);
  }
  return lines.map((line, at) => shortened(at < lines.length - 1 ? `${line} ·` : line, width));
}
