// Two versions of a flow beside each other: both drawings, and the list of what is different, which lead to one another.
// Without scripts the list says it all.
import { Drawing } from './ivr/drawing.js';

const ENTRY = ':entry';
const PAN = 80;
/** A whole flow that is shown smaller says nothing: its beginning is shown. */
const LEGIBLE = 0.5;
const SVG = 'http://www.w3.org/2000/svg';

/** Shows a step in both drawings, where they have it. */
function reveal(id, boards) {
  for (const drawing of boards) {
    const card = drawing.card(id);
    drawing.mark('sel', card ? id : undefined);
    if (card) drawing.viewport.reveal(card);
  }
}

/** A step of a drawing was chosen: its line in the list, and the step in the other drawing. */
function choose(id, boards) {
  reveal(id, boards);
  const entry = document.getElementById(`step-${id}`);
  if (!entry) return;
  entry.scrollIntoView({ block: 'nearest' });
  entry.querySelector('a')?.focus({ preventScroll: true });
}

const KEYS = {
  '+': ({ viewport }) => viewport.zoomBy(0.1),
  '=': ({ viewport }) => viewport.zoomBy(0.1),
  '-': ({ viewport }) => viewport.zoomBy(-0.1),
  0: ({ viewport }) => viewport.fit(),
  ArrowLeft: ({ viewport }) => viewport.moveBy(-PAN, 0),
  ArrowRight: ({ viewport }) => viewport.moveBy(PAN, 0),
  ArrowUp: ({ viewport }) => viewport.moveBy(0, -PAN),
  ArrowDown: ({ viewport }) => viewport.moveBy(0, PAN),
};

function draw(host, boards) {
  const mini = document.createElementNS(SVG, 'svg');
  mini.setAttribute('class', 'ivr-mini');
  mini.setAttribute('aria-hidden', 'true');
  const surface = document.createElement('div');
  surface.className = 'ivr-surface';
  surface.setAttribute('aria-hidden', 'true');
  host.replaceChildren(surface, mini);
  const quiet = () => undefined;
  const drawing = new Drawing(surface, host, mini, {
    open: (id) => choose(id, boards),
    move: quiet,
    connect: quiet,
  });
  drawing.show(JSON.parse(host.dataset.board), { isNew: true });
  drawing.viewport.fit();
  if (drawing.viewport.zoom < LEGIBLE) drawing.viewport.showTop(drawing.card(ENTRY));
  host.addEventListener('keydown', (event) => {
    const act = event.ctrlKey || event.metaKey ? undefined : KEYS[event.key];
    if (!act || event.target !== host) return;
    event.preventDefault();
    act(drawing);
  });
  const controls = host.parentElement.querySelector('[data-board-zoom]');
  controls.hidden = false;
  controls.addEventListener('click', (event) => {
    const { by } = event.target.closest('[data-by]')?.dataset ?? {};
    if (by === 'fit') drawing.viewport.fit();
    else if (by) drawing.viewport.zoomBy(Number(by));
  });
  host.dataset.drawn = 'yes';
  return drawing;
}

const boards = [];
for (const part of document.querySelectorAll('.ivr-boards')) part.hidden = false;
for (const host of document.querySelectorAll('[data-board]')) boards.push(draw(host, boards));

// A drawing that is not shown as a whole begins with the first step of the list.
const first = document.querySelector('[data-reveal]')?.dataset.reveal;
if (first && boards.some(({ viewport }) => viewport.zoom === 1)) reveal(first, boards);

document.addEventListener('click', (event) => {
  const link = event.target.closest('[data-reveal]');
  if (link) reveal(link.dataset.reveal, boards);
});
