// The drawing of a flow on JointJS: shows the model that the server made, and says what somebody did with it. It changes
// nothing of the flow itself: every change comes back from the server as the next model.
import {
  ANCHORS,
  Card,
  cardOf,
  connector,
  Figure,
  figureOf,
  Line,
  lineOf,
  Reference,
  referenceOf,
} from './shapes.js';
import { Minimap, Viewport } from './viewport.js';

const { dia, anchors, shapes } = globalThis.joint;

/** Pixels around the visible part in which cards are drawn already. */
const AHEAD = 300;
/** Pixels that the pointer may tremble in a click. */
const TREMBLE = 5;
const ENTRY = ':entry';

/** JointJS with no style sheet of its own: our policy refuses those inside a page. */
const QuietPaper = dia.Paper.extend({ stylesheet: '' });

const meets = (a, b) =>
  a.x < b.x + b.width + AHEAD &&
  b.x < a.x + a.width + AHEAD &&
  a.y < b.y + b.height + AHEAD &&
  b.y < a.y + a.height + AHEAD;

/** Cells of a model by id: what makes them, and what they shall be. */
function cellsOf(model) {
  const cells = new Map();
  for (const card of model.cards) cells.set(card.id, [Card, cardOf(card)]);
  for (const box of model.references) cells.set(box.id, [Reference, referenceOf(box)]);
  for (const line of model.lines) cells.set(line.id, [Line, lineOf(line)]);
  for (const figure of model.figures ?? []) cells.set(figure.id, [Figure, figureOf(figure)]);
  return cells;
}

/** One arrow for all lines: the markers of JointJS itself are one a line. */
function defineArrow(svg) {
  const make = (name, attributes) => {
    const made = document.createElementNS(svg.namespaceURI, name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };
  const marker = make('marker', {
    ...{ id: 'ivr-arrow', viewBox: '0 0 8 8', refX: 7, refY: 4, orient: 'auto' },
    ...{ markerWidth: 8, markerHeight: 8, markerUnits: 'userSpaceOnUse' },
  });
  marker.append(make('path', { class: 'tip', d: 'M0 0L8 4L0 8z' }));
  svg.querySelector('defs').append(marker);
}

export class Drawing {
  #graph = new dia.Graph(
    {},
    { cellNamespace: { ...shapes, ivr: { Card, Figure, Line, Reference } } },
  );
  #paper;
  #made = new Map();
  #minimap;
  #marks = new Map();
  model;
  viewport;

  /**
   * Draws into `surface`; `host` is what has the keyboard. `on` hears open(step), move(step, x, y), menu(step, at),
   * connect({ from, exits, to, at }), line(line), blank() and moved().
   */
  constructor(surface, host, minimap, on) {
    this.host = host;
    this.on = on;
    this.#paper = new QuietPaper({
      ...{ model: this.#graph, width: '100%', height: '100%', async: true, autoFreeze: true },
      cellViewNamespace: shapes,
      viewManagement: { lazyInitialize: true, disposeHidden: true },
      cellVisibility: (cell) => this.#isNear(cell),
      anchorNamespace: { ...anchors, ...ANCHORS },
      defaultAnchor: { name: 'ivrTop' },
      defaultConnectionPoint: { name: 'anchor' },
      defaultConnector: connector,
      defaultLink: () => new Line({ z: 4, attrs: { line: { class: 'edge new' } } }),
      ...{ clickThreshold: 1_000, magnetThreshold: 'onleave' },
      linkPinning: true,
      snapLinks: false,
      validateConnection: (_from, _exit, to) =>
        to instanceof dia.ElementView && to.model instanceof Card && to.model.id !== ENTRY,
      highlighting: { connecting: { name: 'addClass', options: { className: 'is-target' } } },
      interactive: (view) => ({
        elementMove: this.model.isEditable && view.model instanceof Card && view.model.id !== ENTRY,
        addLinkFromMagnet: this.model.isEditable,
        ...{ linkMove: false, labelMove: false, arrowheadMove: false },
      }),
    });
    surface.append(this.#paper.el);
    defineArrow(this.#paper.svg);
    this.viewport = new Viewport(this.#paper, surface, () => {
      this.#paper.wakeUp();
      this.#minimap?.follow();
      this.on.moved?.();
    });
    this.#minimap = new Minimap(minimap, this.viewport);
    this.#listen();
  }

  #isNear(cell) {
    const seen = this.viewport.visible;
    if (!cell.isLink()) return meets(cell.getBBox(), seen);
    const ends = [cell.getSourceCell(), cell.getTargetCell()].filter(Boolean);
    if (ends.length < 2) return true;
    const [a, b] = ends.map((end) => end.getBBox());
    return meets(a.union(b), seen);
  }

  /** Shows a model; what is as before is not touched. */
  show(model, { isNew = false } = {}) {
    this.model = model;
    this.viewport.content = model.box;
    const wanted = cellsOf(model);
    this.#graph.startBatch('model');
    for (const cell of this.#graph.getCells()) if (!wanted.has(cell.id)) cell.remove();
    const added = [];
    for (const [id, [Kind, attributes]] of wanted) {
      const made = JSON.stringify(attributes);
      const known = this.#graph.getCell(id);
      if (known && this.#made.get(id) === made && this.#isInPlace(known, attributes)) continue;
      this.#made.set(id, made);
      // A card with other exits is made anew: JointJS would merge the two.
      if (known) known.remove();
      added.push(new Kind({ id, ...attributes }));
    }
    if (isNew) this.#graph.resetCells(added);
    else this.#graph.addCells(this.#withLinesOf(added, wanted));
    this.#graph.stopBatch('model');
    // What is in view is there at once: whoever goes on dragging meets what they see.
    this.#paper.updateViews();
    this.#minimap.draw(model.cards, model.isLarge);
    this.mark('sel', model.selected);
  }

  #isInPlace(cell, { position }) {
    if (!position) return true;
    const at = cell.position();
    return at.x === position.x && at.y === position.y;
  }

  /** Lines go with a card that was taken out: those are made anew too. */
  #withLinesOf(added, wanted) {
    const there = new Set(added.map((cell) => cell.id));
    for (const [id, [Kind, attributes]] of wanted)
      if (!there.has(id) && !this.#graph.getCell(id)) added.push(new Kind({ id, ...attributes }));
    return added;
  }

  card(id) {
    return this.model.cards.find((card) => card.id === id);
  }

  boxOf(id) {
    return this.#graph.getCell(id)?.getBBox();
  }

  /** Gives one card, or several, a class; the class is taken from all others. */
  mark(name, ids) {
    const wanted = new Set([ids].flat().filter(Boolean));
    this.#marks.set(name, wanted);
    for (const cell of this.#graph.getCells()) this.#paint(cell, name);
  }

  #paint(cell, name) {
    const view = this.#paper.findViewByModel(cell);
    view?.el?.classList.toggle(name, this.#marks.get(name).has(cell.id));
  }

  /** From the screen to the drawing. */
  pointAt(clientX, clientY) {
    const { x, y } = this.#paper.clientToLocalPoint(clientX, clientY);
    return { x: Math.round(x), y: Math.round(y) };
  }

  /** The line under a point of the screen; undefined where there is none. */
  lineAt(clientX, clientY) {
    const point = this.pointAt(clientX, clientY);
    const views = this.#paper.findCellViewsAtPoint?.(point, { buffer: 8 }) ?? [];
    const near = views
      .filter((view) => view.model instanceof Line)
      .map((view) => ({ view, far: view.getClosestPoint(point)?.distance(point) ?? Infinity }))
      .toSorted((a, b) => a.far - b.far)[0];
    return near && near.far < 14 ? near.view.model.get('step') : undefined;
  }

  #listen() {
    const { on } = this;
    const paper = this.#paper;
    paper.on('render:done', () => {
      for (const name of this.#marks.keys())
        for (const id of this.#marks.get(name)) {
          const cell = this.#graph.getCell(id);
          if (cell) this.#paint(cell, name);
        }
    });
    paper.on('cell:pointerdown blank:pointerdown', () => this.host.focus({ preventScroll: true }));
    paper.on('element:pointerclick element:magnet:pointerclick', (view) => {
      const { model } = view;
      if (this.wasDragged) return;
      if (model instanceof Card || model instanceof Reference)
        on.open(model.get('leadsTo') ?? model.id);
    });
    paper.on('element:pointerdown', (view) => {
      this.wasDragged = false;
      this.startedAt = view.model.position();
    });
    paper.on('element:pointerup', (view) => this.#dropCard(view.model));
    paper.on('link:pointerclick', (view) => {
      const line = view.model.get('step');
      if (line) on.line?.(line);
    });
    paper.on('link:pointerup', (view, event) => this.#dropLine(view, event));
    paper.on('element:contextmenu', (view, event) => {
      event.preventDefault();
      if (view.model instanceof Card && view.model.id !== ENTRY)
        on.menu?.(view.model.id, { clientX: event.clientX, clientY: event.clientY });
    });
    paper.on('blank:pointerclick', () => on.blank?.());
    this.#listenPan();
  }

  /** A card that was let go: a hand that trembled moved nothing. */
  #dropCard(card) {
    const from = this.startedAt;
    const to = card.position();
    if (!from || !(card instanceof Card) || (from.x === to.x && from.y === to.y)) return;
    this.wasDragged = Math.hypot(to.x - from.x, to.y - from.y) > TREMBLE;
    if (this.wasDragged) this.on.move(card.id, Math.round(to.x), Math.round(to.y));
    else card.position(from.x, from.y);
  }

  /** A line that was just drawn: to a card, or to an empty place. The server draws the real one. */
  #dropLine(view, event) {
    const line = view.model;
    if (line.get('step')) return;
    this.wasDragged = true;
    const source = line.source();
    const port = line.getSourceCell()?.getPort(source.port);
    const target = line.target();
    line.remove();
    if (!port) return;
    const at = { clientX: event.clientX, clientY: event.clientY };
    this.on.connect({ from: source.id, exits: port.exits, to: target.id ?? '', at });
  }

  #listenPan() {
    let last;
    this.#paper.on('blank:pointerdown', (event) => {
      last = { x: event.clientX, y: event.clientY };
    });
    this.#paper.on('blank:pointermove', (event) => {
      if (!last) return;
      this.viewport.moveBy(last.x - event.clientX, last.y - event.clientY);
      last = { x: event.clientX, y: event.clientY };
    });
    this.#paper.on('blank:pointerup', () => {
      last = undefined;
    });
    this.host.addEventListener(
      'wheel',
      (event) => {
        event.preventDefault();
        if (event.ctrlKey || event.metaKey)
          this.viewport.zoomBy(
            event.deltaY < 0 ? 0.1 : -0.1,
            this.pointAt(event.clientX, event.clientY),
          );
        else this.viewport.moveBy(event.deltaX, event.deltaY);
      },
      { passive: false },
    );
  }
}
