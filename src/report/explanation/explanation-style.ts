/** What the page of an explanation has besides the look of all pages. */
export const explanationStyle = `
.explained { padding: 26px 0 30px; border-top: 1px solid var(--rule); }
.explained h3 { margin: 0 0 12px; font-size: 17px; overflow-wrap: anywhere; }
.explained h4 { margin: 0 0 8px; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
.explained h4 .note { font-weight: 400; }
.explained img { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--panel); }
.explained-image { display: grid; grid-template-columns: 200px minmax(0, 320px); gap: 24px; align-items: start; }
.explained-label { margin-top: 22px; }
.explained figcaption { font-weight: 400; margin: 8px 0 0; line-height: 1.45; overflow-wrap: anywhere; }
.explained figcaption > * { display: block; }
.explained figcaption > b { font-weight: 600; }
.explained a { display: block; border-radius: 6px; }
.maps { display: grid; grid-template-columns: repeat(auto-fill, minmax(200px, 1fr)); gap: 20px 24px; }
.maps .note { font-size: 13px; margin: 1px 0 4px; font-variant-numeric: tabular-nums; }
.maps details { margin-top: 6px; font-size: 13px; color: var(--muted); }
.maps summary { cursor: pointer; }
.answers { display: grid; gap: 2px; align-self: center; }
.answers > div { display: flex; justify-content: space-between; gap: 12px; padding: 4px 10px; border-radius: 4px; font-size: 14px; background: linear-gradient(to right, var(--bar) var(--share), var(--panel) var(--share)); }
.answers > .true { background-image: linear-gradient(to right, var(--good) var(--share), var(--panel) var(--share)); }
.answers dt { color: var(--ink); overflow-wrap: anywhere; min-width: 0; }
.answers dd { font-variant-numeric: tabular-nums; white-space: nowrap; }
.likeness { max-width: 680px; margin-bottom: 8px; }
@media (max-width: 560px) {
  .explained-image { grid-template-columns: 128px minmax(0, 1fr); gap: 16px; }
  .maps { grid-template-columns: minmax(0, 1fr); }
}
`;
