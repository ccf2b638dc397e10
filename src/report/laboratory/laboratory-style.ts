/** CSS of the laboratory's pages, besides that of all pages. */
export const laboratoryStyle = `
pre { margin: 0 0 18px; padding: 12px 14px; white-space: pre-wrap; overflow-wrap: anywhere; background: var(--panel); border-radius: 8px; font: 13px/1.5 ui-monospace, 'SF Mono', Menlo, Consolas, monospace; }
.laboratory-figure { margin: 12px 0 4px; }
.laboratory-figure > .note { max-width: 72ch; margin-top: 8px; text-wrap: pretty; }
.laboratory-figure .scroll { margin: 0; }
.wide .chart { min-width: 540px; max-width: 860px; }
.about { margin-top: 18px; }
.laboratory-figure .legend { margin: 0 0 8px; }
blockquote { margin: 0 0 16px; padding: 2px 0 2px 16px; border-left: 3px solid var(--rule); max-width: 72ch; overflow-wrap: anywhere; text-wrap: pretty; }
.answer { margin-bottom: 8px; }
.verdict { display: inline-block; padding: 0 9px; border: 1.5px solid; border-radius: 999px; font-size: 13px; line-height: 20px; font-weight: 600; white-space: nowrap; }
.verdict.holds { color: var(--third); }
.verdict.does-not-hold { color: var(--validation); }
.verdict.in-part { color: var(--fourth); }
.verdict.open { color: var(--muted); }
.question { min-width: 0; } .question p + p { margin-top: 4px; font-weight: 400; font-size: 13px; }
.answers > p { margin: 0 0 6px; } .answers > p:last-child { margin: 0; }
.numbers table { width: auto; min-width: min(100%, 520px); }
.numbers .quoted { color: var(--muted); }
`;
