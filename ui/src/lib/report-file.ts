const STYLE = `
:root { color-scheme: light; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1a212b; font: 15px/24px system-ui, -apple-system, "Segoe UI", sans-serif; }
main { max-width: 860px; margin: 0 auto; padding: 32px 20px 64px; }
h1, h2, h3, h4 { margin: 1.4em 0 0.5em; line-height: 1.3; }
header h1 { margin: 0; font-size: 28px; overflow-wrap: anywhere; }
header p, figcaption { color: #566170; font-size: 13px; }
p, ul, ol, pre, table, blockquote { margin: 0 0 14px; }
a { color: #1f5fbf; }
code, pre { font: 13px/20px ui-monospace, Menlo, Consolas, monospace; }
pre { overflow: auto; padding: 12px 14px; border: 1px solid #d9dee5; border-radius: 8px; background: #f6f7f9; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th, td { padding: 4px 10px; border: 1px solid #d9dee5; }
th:not([align]) { text-align: left; }
blockquote { padding-left: 14px; border-left: 3px solid #d9dee5; color: #566170; }
img, svg { max-width: 100%; height: auto; }
figure { margin: 20px 0; }
@media print { main { padding: 0; } figure { break-inside: avoid; } }
`;

/** A report as one file: what it holds is HTML that is safe already; `told` stands below the title. */
export function reportFile({ title, told, body }: { title: string; told: string; body: string[] }): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">`,
    `<title>${escapeMarkup(title)}</title>`,
    `<style>${STYLE}</style>`,
    "</head>",
    "<body>",
    "<main>",
    `<header><h1>${escapeMarkup(title)}</h1><p>${escapeMarkup(told)}</p></header>`,
    ...body,
    "</main>",
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

/** A text as HTML that shows it. */
export function escapeMarkup(text: string): string {
  return text.replace(/&/g, "&amp;").replace(/</g, "&lt;").replace(/>/g, "&gt;").replace(/"/g, "&quot;");
}

/** A name for a file from a title: letters and digits of any script, the rest as lines between them. */
export function fileName(title: string): string {
  const plain = title
    .normalize("NFC")
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `${plain.slice(0, 80) || "report"}.html`;
}
