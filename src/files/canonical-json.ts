/**
 * JSON with sorted keys: equal values give equal text. Undefined for what JSON cannot say, such as undefined.
 * @throws TypeError for circles and bigints
 */
export const canonicalJson = (value: unknown): string | undefined =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  );
