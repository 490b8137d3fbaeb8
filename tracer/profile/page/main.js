/**
 * The flame graph page's script: draws the data that the page brings. Bundled with d3-flame-graph
 * by scripts/build.mjs and put into every page; JavaScript, because it runs in a browser and is the
 * only file that does.
 */

import flamegraph from 'd3-flame-graph';
import { select } from 'd3-selection';

const { tree, functions, total, unit } = JSON.parse(document.getElementById('data').textContent);
const details = document.getElementById('details');
const found = document.getElementById('found');
const search = document.getElementById('search');
const CELL_PX = 20;

function grouped(value) {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

function percent(value) {
  return total === 0 ? '0.00' : ((100 * value) / total).toFixed(2);
}

function label(d) {
  const below = (d.children ?? []).reduce((sum, child) => sum + child.value, 0);
  const self = d.value - below;
  return `${d.data.name}: ${grouped(d.value)} ${unit} (${percent(d.value)} %), self ${grouped(self)}`;
}

const chart = flamegraph()
  .width(width())
  .cellHeight(CELL_PX)
  .transitionDuration(0)
  .minFrameSize(1)
  .sort(true)
  .inverted(true)
  .setLabelHandler(label)
  .setDetailsHandler((text) => {
    details.textContent = text ?? '';
  })
  .onClick((d) => {
    details.textContent = label(d);
  })
  .setSearchHandler((_results, sum) => {
    found.textContent = `${grouped(sum)} ${unit} (${percent(sum)} %) match`;
  });

function width() {
  return document.getElementById('chart').clientWidth;
}

function draw() {
  select('#chart').datum(tree).call(chart);
  // New frames would grow into place; a picture is there at once.
  const frames = select('#chart').selectAll('rect').interrupt();
  frames.attr('width', (_d, i, all) => all[i].parentNode.getAttribute('width'));
}

function find() {
  const text = search.value.trim();
  if (text !== '') chart.search(text);
  else {
    chart.clear();
    found.textContent = '';
  }
}

function row(entry) {
  const tr = document.createElement('tr');
  const { name, self, total: all } = entry;
  for (const text of [name, grouped(self), percent(self), grouped(all), percent(all)]) {
    const td = document.createElement('td');
    td.textContent = text;
    tr.append(td);
  }
  tr.addEventListener('click', () => {
    search.value = name;
    find();
  });
  return tr;
}

draw();
document.querySelector('#functions tbody').append(...functions.map(row));
search.addEventListener('input', find);
document.getElementById('reset').addEventListener('click', () => chart.resetZoom());

let drawn = width();
window.addEventListener('resize', () => {
  if (width() === drawn) return;
  drawn = width();
  document.getElementById('chart').replaceChildren();
  chart.width(drawn);
  draw();
});
