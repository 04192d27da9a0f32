// Which part of a drawing is in view: zoom, pan, fit, and the small overview. Lengths are the drawing's unless they are
// called `screen`.
const MIN_ZOOM = 0.4;
const MAX_ZOOM = 1.5;
/** "Fit" may go further than the buttons. */
const MIN_FIT = 0.1;
const MARGIN = 24;

const clamp = (value, least, most) => Math.min(most, Math.max(least, value));

export class Viewport {
  #paper;
  #onMove;
  /** What the drawing takes up. */
  content = { x: 0, y: 0, width: 1, height: 1 };
  zoom = 1;
  #left = 0;
  #top = 0;
  /** Asking the page for it costs a layout each time. */
  #screen;

  constructor(paper, host, onMove) {
    this.#paper = paper;
    this.#onMove = onMove;
    this.#screen = { width: host.clientWidth, height: host.clientHeight };
    new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      this.#screen = { width, height };
      this.#apply();
    }).observe(host);
  }

  /** The part that can be seen. */
  get visible() {
    const { width, height } = this.#screen;
    return { x: this.#left, y: this.#top, width: width / this.zoom, height: height / this.zoom };
  }

  #apply() {
    this.#paper.matrix({
      ...{ a: this.zoom, b: 0, c: 0, d: this.zoom },
      e: -this.#left * this.zoom,
      f: -this.#top * this.zoom,
    });
    this.#onMove();
  }

  /** At least a hand's breadth of the drawing stays in view. */
  moveTo(left, top) {
    const { x, y, width, height } = this.content;
    const seen = this.visible;
    const keep = 80 / this.zoom;
    this.#left = clamp(left, x - seen.width + keep, x + width - keep);
    this.#top = clamp(top, y - seen.height + keep, y + height - keep);
    this.#apply();
  }

  moveBy(screenX, screenY) {
    this.moveTo(this.#left + screenX / this.zoom, this.#top + screenY / this.zoom);
  }

  /** Puts a point in the middle. */
  centre(x, y) {
    const { width, height } = this.visible;
    this.moveTo(x - width / 2, y - height / 2);
  }

  /** Zooms; the point stays where it is on the screen. */
  zoomTo(value, at = this.#middle(), least = MIN_ZOOM) {
    const next = clamp(Math.round(value * 20) / 20, least, MAX_ZOOM);
    const share = this.zoom / next;
    this.#left = at.x - (at.x - this.#left) * share;
    this.#top = at.y - (at.y - this.#top) * share;
    this.zoom = next;
    this.moveTo(this.#left, this.#top);
  }

  zoomBy(step, at) {
    this.zoomTo(this.zoom + step, at);
  }

  #middle() {
    const { x, y, width, height } = this.visible;
    return { x: x + width / 2, y: y + height / 2 };
  }

  fit() {
    const { x, y, width, height } = this.content;
    const screen = this.#screen;
    const share = Math.min(
      screen.width / (width + 2 * MARGIN),
      screen.height / (height + 2 * MARGIN),
    );
    this.zoomTo(Math.floor(Math.min(1, share) * 20) / 20, undefined, MIN_FIT);
    this.centre(x + width / 2, y + height / 2);
  }

  /** The beginning of a flow: its upper edge, in the middle. */
  showTop(box) {
    this.zoom = 1;
    const { width } = this.visible;
    this.moveTo(box.x + box.width / 2 - width / 2, this.content.y - MARGIN);
  }

  /** Brings a box into view by the shortest way. */
  reveal(box) {
    const seen = this.visible;
    const near = (at, size, from, room) =>
      clamp(from, at + size + MARGIN - room, Math.max(at - MARGIN, at + size + MARGIN - room));
    const left = near(box.x, box.width, seen.x, seen.width);
    const top = near(box.y, box.height, seen.y, seen.height);
    if (left !== seen.x || top !== seen.y) this.moveTo(left, top);
  }
}

const SVG = 'http://www.w3.org/2000/svg';
const svgNode = (name, attributes) => {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
};

/** The overview: every card as a small box, and a frame around what is in view. A press moves the drawing there. */
export class Minimap {
  #svg;
  #frame = svgNode('rect', { class: 'view' });
  #viewport;

  constructor(svg, viewport) {
    this.#svg = svg;
    this.#viewport = viewport;
    const move = (event) => {
      if (event.buttons === 0) return;
      const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
        svg.getScreenCTM().inverse(),
      );
      viewport.centre(point.x, point.y);
    };
    svg.addEventListener('pointerdown', move);
    svg.addEventListener('pointermove', move);
  }

  draw(cards, isLarge) {
    // An SVG element has no `hidden` property.
    this.#svg.toggleAttribute('hidden', !isLarge);
    if (!isLarge) return;
    const { x, y, width, height } = this.#viewport.content;
    this.#svg.setAttribute('viewBox', `${x} ${y} ${width} ${height}`);
    const boxes = cards.map((card) =>
      svgNode('rect', {
        ...{ x: card.x, y: card.y, width: card.width, height: card.height },
        class: `k-${card.kind}${card.level ? ` ${card.level}` : ''}`,
      }),
    );
    this.#svg.replaceChildren(...boxes, this.#frame);
    this.follow();
  }

  follow() {
    for (const [key, value] of Object.entries(this.#viewport.visible))
      this.#frame.setAttribute(key, value);
  }
}
