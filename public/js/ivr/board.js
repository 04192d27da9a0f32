// The drawing as something to work with: palette, connections, menus of cards, keyboard. The outline and the forms beside
// it can do all of this too, without scripts.
import { announce } from '../shell.js';
import { change, openStep, wish } from './changes.js';
import { Drawing } from './drawing.js';
import { neighbour } from './neighbour.js';
import { popup } from './popup.js';

const ENTRY = ':entry';
const MINI = 'http://www.w3.org/2000/svg';
let drawing;
/** The card that the keyboard is on. */
let cursor = '';
let cursorLine;
/** Asks whether typed things may be lost; set by the page. */
let mayLeave = () => true;
/** The call that is followed; see `followCall`. */
let followed;

const host = () => document.getElementById('ivr-paper');
const texts = () => host().dataset;
const readModel = () => {
  const holder = document.getElementById('ivr-model');
  return holder && JSON.parse(holder.dataset.model);
};

/** Kinds of steps as the Add menu has them, with its headings. */
function kindItems(choose) {
  const items = [];
  for (const part of document.querySelectorAll(
    '[data-palette] > [data-heading], [data-palette] > button',
  ))
    if (part.dataset.heading !== undefined) items.push({ heading: part.textContent });
    else
      items.push({
        label: part.textContent.trim(),
        icon: part.dataset.icon,
        run: () => choose(part.value),
      });
  return items;
}

const stepOf = (id) => (id === ENTRY ? '' : id);

function connect({ from, exits, to, at }) {
  if (exits.length > 1) {
    const card = drawing.card(from);
    const named = card.exits.find((exit) => exit.names.join() === exits.join());
    const items = [
      { label: label('all'), run: () => lead({ from, exits, to, at }) },
      ...exits.map((exit, index) => ({
        label: named?.labels?.[index] ?? exit,
        run: () => lead({ from, exits: [exit], to, at }),
      })),
    ];
    popup(host(), at, label('which'), items);
  } else lead({ from, exits, to, at });
}

/** Leads exits to a card; to an empty place goes a new step, of a kind that is asked for. */
function lead({ from, exits, to, at }) {
  const step = stepOf(from);
  const joined = exits.join('+');
  if (to !== '') {
    change('connect', { step, exits: joined, to });
    return;
  }
  const { x, y } = drawing.pointAt(at.clientX, at.clientY);
  popup(
    host(),
    at,
    label('newStep'),
    kindItems((kind) => change('connect', { step, exits: joined, to: `+${kind}`, x: x - 94, y })),
  );
}

const label = (name) => texts()[name] ?? '';

function cardMenu(id, at) {
  setCursor(id);
  popup(host(), at, drawing.card(id).title, [
    { label: label('edit'), icon: 'pencil', run: () => open(id) },
    { label: label('duplicate'), icon: 'copy', run: () => change(`steps/${id}/duplicate`) },
    { label: label('delete'), icon: 'trash', run: () => remove(id) },
  ]);
}

function open(id, { focus = '' } = {}) {
  // A drawing without an editor around it only shows.
  if (!document.getElementById('ivr-editor') || !mayLeave()) return;
  wish.focus = focus;
  openStep(stepOf(id));
}

const remove = (id) => id !== ENTRY && id !== '' && change(`steps/${id}/delete`);

function setCursor(id) {
  cursor = id;
  cursorLine = undefined;
  drawing.mark('cursor', id);
  drawing.mark('cursor-line', undefined);
}

function say(id) {
  const card = drawing.card(id);
  if (card) announce([card.title, card.summary, card.levelText].filter(Boolean).join(', '));
}

const model = () => drawing.model;

function moveCursor(key) {
  const next = neighbour(model(), cursor || model().selected || ENTRY, key);
  if (next === undefined) return;
  setCursor(next);
  drawing.viewport.reveal(drawing.card(next));
  say(next);
}

/** A line that was clicked: Delete lets its exits lead nowhere. */
function chooseLine(line) {
  cursorLine = line;
  drawing.mark('cursor-line', line.id);
  announce(label('lineChosen'));
}

function deleteChosen() {
  if (cursorLine)
    change('connect', { step: stepOf(cursorLine.from), exits: cursorLine.exit, to: '' });
  else remove(cursor || model().selected);
}

const PLAIN_KEYS = {
  '+': () => drawing.viewport.zoomBy(0.1),
  '=': () => drawing.viewport.zoomBy(0.1),
  '-': () => drawing.viewport.zoomBy(-0.1),
  0: () => drawing.viewport.fit(),
  Enter: () => open(cursor || model().selected || ENTRY, { focus: 'form' }),
};

const EDIT_KEYS = {
  Delete: deleteChosen,
  Backspace: deleteChosen,
};

function onKey(event) {
  if (event.target !== host()) return;
  if (event.ctrlKey || event.metaKey) {
    if (event.key.toLowerCase() !== 'd' || !model().isEditable || !cursor) return;
    event.preventDefault();
    change(`steps/${cursor}/duplicate`);
    return;
  }
  const act = event.key.startsWith('Arrow')
    ? () => moveCursor(event.key)
    : (PLAIN_KEYS[event.key] ?? (model().isEditable ? EDIT_KEYS[event.key] : undefined));
  if (!act) return;
  event.preventDefault();
  act();
}

/** A kind from the Add menu is dropped: on a line it goes between, elsewhere it stands where it fell. */
function dropKind(event) {
  const kind = event.dataTransfer.getData('text/x-step-kind');
  if (kind === '') return;
  event.preventDefault();
  document.querySelector('.ivr-out .cb-menu[open]')?.removeAttribute('open');
  const line = drawing.lineAt(event.clientX, event.clientY);
  const { x, y } = drawing.pointAt(event.clientX, event.clientY);
  if (line) change('steps', { kind, step: stepOf(line.from), exit: line.exit });
  else change('steps', { kind, x: x - 94, y: y - 27 });
}

function listenOnce(paper) {
  paper.addEventListener('keydown', onKey);
  paper.addEventListener('dragover', (event) => {
    if (event.dataTransfer.types.includes('text/x-step-kind')) event.preventDefault();
  });
  paper.addEventListener('drop', dropKind);
}

function create(paper) {
  const mini = document.createElementNS(MINI, 'svg');
  mini.setAttribute('class', 'ivr-mini');
  mini.setAttribute('aria-hidden', 'true');
  mini.setAttribute('data-minimap', '');
  const surface = document.createElement('div');
  surface.className = 'ivr-surface';
  surface.setAttribute('aria-hidden', 'true');
  paper.replaceChildren(surface, mini);
  drawing = new Drawing(surface, paper, mini, {
    open: (id) => {
      setCursor(id);
      open(id);
    },
    move: (id, x, y) => change(`steps/${id}/position`, { x, y }),
    connect,
    menu: (id, at) => model().isEditable && cardMenu(id, at),
    line: (line) => model().isEditable && chooseLine(line),
    blank: () => setCursor(''),
    moved: () => {
      const output = document.querySelector('[data-zoom] output');
      if (output) output.textContent = `${Math.round(drawing.viewport.zoom * 100)}%`;
    },
  });
  listenOnce(paper);
}

/** Draws what the page says now. */
export function showBoard(options = {}) {
  const paper = host();
  const next = readModel();
  if (!paper || !next) return;
  mayLeave = options.mayLeave ?? mayLeave;
  paper.hidden = false;
  const controls = document.querySelector('[data-zoom]');
  if (controls) controls.hidden = false;
  const isNew = drawing?.host !== paper;
  if (isNew) create(paper);
  const before = drawing.model?.selected;
  drawing.show(next, { isNew });
  if (isNew) drawing.viewport.showTop(drawing.card(ENTRY));
  if (next.selected !== '' && next.selected !== before) goTo(next.selected);
  else if (cursor && !drawing.card(cursor)) setCursor('');
  else drawing.mark('cursor', cursor);
  light(followed?.way ?? JSON.parse(document.getElementById('ivr-model').dataset.lit ?? '[]'));
  drawing.mark('here', followed?.at);
  drawing.viewport.moveBy(0, 0);
  paper.dataset.drawn = document.getElementById('ivr-model').dataset.version;
}

function goTo(id) {
  setCursor(id);
  drawing.viewport.reveal(drawing.card(id));
}

/** Marks the chosen step, which came without a new drawing; '' for the flow itself. */
export function choose(id) {
  if (!drawing) return;
  const isOther = id !== drawing.model.selected;
  drawing.model.selected = id;
  drawing.mark('sel', id);
  if (id !== '' && isOther) goTo(id);
}

/** Lights up the way of a call: its steps, and the lines between those that follow each other. */
function light(steps) {
  if (steps.length === 0) return drawing.mark('lit', []);
  const way = [ENTRY, ...steps];
  const passed = new Set(way.slice(1).map((step, index) => `${way[index]} ${step}`));
  const { lines, references } = drawing.model;
  const targets = new Map(references.map((box) => [box.id, box.to]));
  const lit = lines.filter(({ from, end }) => passed.has(`${from} ${targets.get(end) ?? end}`));
  return drawing.mark('lit', [...way, ...lit.map((line) => line.id)]);
}

/** Follows a call: `way` are the steps that it came through, `at` is the one where it is; undefined for none any more. */
export function followCall(call) {
  const before = followed?.at;
  followed = call;
  if (!drawing) return;
  light(call?.way ?? []);
  drawing.mark('here', call?.at);
  const card = call?.at && call.at !== before && drawing.card(call.at);
  if (card) drawing.viewport.reveal(card);
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('[data-zoom-by], [data-zoom-fit]');
  if (!button || !drawing) return;
  if (button.dataset.zoomBy) drawing.viewport.zoomBy(Number(button.dataset.zoomBy));
  else drawing.viewport.fit();
});

document.addEventListener('dragstart', (event) => {
  const button = event.target.closest?.('[data-palette] > button');
  if (!button) return;
  event.dataTransfer.setData('text/x-step-kind', button.value);
  event.dataTransfer.effectAllowed = 'copy';
});

// Undo and redo, wherever the focus is but in a field that has an undo of its own.
document.addEventListener('keydown', (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.target.closest('input, textarea, select')) return;
  const key = event.key.toLowerCase();
  const action =
    key === 'z' ? (event.shiftKey ? 'redo' : 'undo') : key === 'y' ? 'redo' : undefined;
  const button =
    action && document.querySelector(`form[action$="/${action}"] button:not(:disabled)`);
  if (!button) return;
  event.preventDefault();
  button.form.requestSubmit(button);
});
