/** A name of a file in one printable line: it may be megabytes long or full of escapes. */
export const quoteName = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 80)}…` : name);
