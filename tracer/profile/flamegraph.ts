/**
 * The flame graph page: one HTML file with its data, script and style in it, no network.
 *
 * Data goes in as JSON inside a script element of a type that browsers do not run; '<' is written
 * as an escape there, so that no name can end the element.
 */

import { functionTotals, type ProfileNode, totalOf } from './tree.ts';

export interface FlamegraphPage {
  readonly title: string;
  /** What a count is: `statements`. */
  readonly unit: string;
  /** One sentence about the run: verdict, seed, CPUs. */
  readonly subtitle: string;
  /** The page's script and style, as the build made them. */
  readonly script: string;
  readonly style: string;
}

/** Rows of the table of functions. */
const FUNCTIONS_MAX = 100;

interface GraphNode {
  readonly name: string;
  readonly value: number;
  readonly children: GraphNode[];
}

/** The tree as d3-flame-graph takes it. */
export function graphData(node: ProfileNode): GraphNode {
  const children = [...node.children.values()].map(graphData);
  const value = node.self + children.reduce((sum, child) => sum + child.value, 0);
  return { name: node.name, value, children };
}

/** The page as text. */
export function flamegraphHtml(root: ProfileNode, page: FlamegraphPage): string {
  const total = totalOf(root);
  const data = {
    tree: graphData(root),
    functions: functionTotals(root).slice(0, FUNCTIONS_MAX),
    total,
    unit: page.unit,
  };
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(page.title)}</title>
<style>${page.style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(page.title)}</h1>
<p>${escapeHtml(page.subtitle)}</p>
</header>
<div class="bar">
<input id="search" type="search" placeholder="Search functions" aria-label="Search functions">
<button id="reset" type="button">Reset zoom</button>
<output id="found"></output>
</div>
<main id="chart"></main>
<p id="details" role="status"></p>
<h2>Functions</h2>
<div class="scroll"><table id="functions"><thead>
<tr><th>function</th><th>self</th><th>self %</th><th>total</th><th>total %</th></tr>
</thead><tbody></tbody></table></div>
<script type="application/json" id="data">${escapeJson(JSON.stringify(data))}</script>
<script>${page.script.replaceAll('</script', '<\\/script')}</script>
</body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}

function escapeJson(json: string): string {
  return json.replaceAll('<', '\\u003c');
}
