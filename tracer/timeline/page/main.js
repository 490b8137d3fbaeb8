/**
 * The timeline in a page: draws the picture (../svg.ts) into an element, zooms with the wheel, pans
 * by dragging, and tells which icount was clicked. Bundled by scripts/build.mjs to dist/timeline.js,
 * which sets `rumpusTimeline`; JavaScript, because it runs in a browser.
 *
 *   const timeline = rumpusTimeline.mount(element, { go: (icount) => … });
 *   timeline.show(data);
 *
 * A page that has `<script type="application/json" class="timeline-data">` inside an element of
 * class `timeline-host` is drawn at once: what a report needs.
 */

import { icountAt, timelineSvg, viewAround, wholeView } from '../svg.ts';

const ZOOM = 1.25;
/** Pixels that a hand may move in a click. */
const CLICK_PX = 3;
const NARROWEST = 8;

/** Puts a timeline into an element. `go(icount)` is called for a click on a moment. */
export function mount(element, { go } = {}) {
  let data;
  let view;
  const width = () => Math.max(160, element.clientWidth);
  const draw = () => {
    if (data === undefined) return;
    view = { ...view, widthPx: width() };
    element.innerHTML = timelineSvg(data, view);
  };
  const zoom = (factor, at) => {
    if (view === undefined) return;
    const length = Math.max(NARROWEST, (view.to - view.from) * factor);
    const part = (at - view.from) / Math.max(1, view.to - view.from);
    const from = Math.max(0, Math.round(at - part * length));
    view = { ...view, from, to: Math.round(from + length) };
    draw();
  };
  const pan = (counts) => {
    const from = Math.max(0, Math.round(view.from + counts));
    view = { ...view, from, to: from + (view.to - view.from) };
    draw();
  };
  listen(element, { zoom, pan, view: () => view, go });
  new ResizeObserver(draw).observe(element);
  return {
    show(next) {
      data = next;
      view = viewAround(data, width());
      draw();
    },
    zoom: (factor) => data !== undefined && zoom(factor, data.icount),
    whole() {
      if (data === undefined) return;
      view = wholeView(data, width());
      draw();
    },
  };
}

function listen(element, { zoom, pan, view, go }) {
  const place = (event) => event.clientX - element.getBoundingClientRect().left;
  let grabbed;
  element.addEventListener('wheel', (event) => {
    if (view() === undefined) return;
    event.preventDefault();
    zoom(event.deltaY > 0 ? ZOOM : 1 / ZOOM, icountAt(place(event), view()));
  });
  element.addEventListener('pointerdown', (event) => {
    grabbed = { x: place(event), start: place(event), target: event.target };
  });
  element.addEventListener('pointermove', (event) => {
    if (grabbed === undefined || event.buttons === 0 || view() === undefined) return;
    const x = place(event);
    if (Math.abs(x - grabbed.start) <= CLICK_PX) return;
    pan(icountAt(grabbed.x, view()) - icountAt(x, view()));
    grabbed.x = x;
  });
  element.addEventListener('pointerup', (event) => {
    if (grabbed === undefined || view() === undefined) return;
    const still = Math.abs(place(event) - grabbed.start) <= CLICK_PX;
    const marked = grabbed.target.closest?.('[data-icount]')?.dataset.icount;
    grabbed = undefined;
    if (still) go?.(marked === undefined ? icountAt(place(event), view()) : Number(marked));
  });
}

for (const host of document.querySelectorAll('.timeline-host')) {
  const script = host.querySelector('script.timeline-data');
  if (script !== null) mount(host).show(JSON.parse(script.textContent));
}
