// What the drawing of a flow is made of: cards with a handle for each way out, references to cards further up, lines.
// Classes only, so that the style sheet paints them; nothing here measures the page.
import { texts } from '../shell.js';

const { dia, g } = globalThis.joint;

/** Height of the handles below a card, and how far below it they stand. */
const HANDLE = { height: 20, gap: 5 };
const DOT = 5;

const node = (tagName, selector, className, attributes = {}) => ({
  tagName,
  selector,
  className,
  attributes,
});

const CARD_MARKUP = [
  {
    ...node('g', 'body', 'node'),
    children: [
      node('title', 'tip', ''),
      node('rect', 'box', 'box', { rx: 8 }),
      node('rect', 'strip', 'strip', { x: 8, y: 10, width: 4, height: 34, rx: 2 }),
      node('use', 'icon', 'ic', { x: 19, y: 11, width: 18, height: 18 }),
      node('text', 'title', 't', { x: 44, y: 24 }),
      node('text', 'summary', 's', { x: 44, y: 41 }),
      {
        ...node('g', 'mark', 'mark-of'),
        children: [
          node('circle', 'dot', 'mark', { cx: 0, cy: 16, r: 8 }),
          node('text', 'bang', 'ex', { x: 0, y: 20, 'text-anchor': 'middle' }),
        ],
      },
    ],
  },
];

const HANDLE_MARKUP = [
  {
    ...node('g', 'handle', 'port'),
    children: [
      node('path', 'stub', 'edge', { d: `M 0 0 V ${HANDLE.gap}` }),
      node('rect', 'pill', ''),
      node('text', 'text', '', { y: HANDLE.gap + 14, 'text-anchor': 'middle' }),
    ],
  },
];

export const Card = dia.Element.define(
  'ivr.Card',
  { z: 2, ports: { groups: { exit: { position: 'absolute', markup: HANDLE_MARKUP } } } },
  { markup: CARD_MARKUP, portLabelMarkup: [] },
);

export const Reference = dia.Element.define(
  'ivr.Reference',
  { z: 2 },
  {
    markup: [
      {
        ...node('g', 'body', 'goto'),
        children: [
          node('rect', 'box', '', { rx: 12 }),
          node('text', 'text', '', { 'text-anchor': 'middle' }),
        ],
      },
    ],
  },
);

export const Line = dia.Link.define(
  'ivr.Line',
  { z: 1, attrs: { line: { connection: true }, grip: { connection: true } } },
  {
    markup: [
      node('path', 'grip', 'grip', { fill: 'none' }),
      node('path', 'line', 'edge', { fill: 'none', 'marker-end': 'url(#ivr-arrow)' }),
    ],
  },
);

/** A number of calls beside a line or a card. */
export const Figure = dia.Element.define(
  'ivr.Figure',
  { z: 3 },
  {
    markup: [
      {
        ...node('g', 'body', 'figure'),
        children: [
          node('rect', 'box', '', { rx: 5 }),
          node('text', 'text', '', { 'text-anchor': 'middle' }),
        ],
      },
    ],
  },
);

/** In the mark of a card; anything else is a problem. */
const SIGNS = { added: '+', changed: '≠', removed: '−' };

const size = ({ width, height }) => ({ width, height });

/** What JointJS keeps of a card. `isEditable` gives it handles for exits that lead nowhere yet. */
export const cardOf = (card) => ({
  position: { x: card.x, y: card.y },
  size: size(card),
  step: card,
  attrs: {
    body: { class: `node k-${card.kind}${card.level ? ` ${card.level}` : ''}` },
    tip: { text: card.tip },
    box: size(card),
    icon: { href: `${texts.icons}#${card.icon}` },
    title: { text: card.title },
    summary: { text: card.summary },
    mark: {
      transform: `translate(${card.width - 16} 0)`,
      display: card.level ? 'inline' : 'none',
    },
    bang: { text: SIGNS[card.level] ?? '!' },
  },
  ports: {
    groups: { exit: { position: 'absolute', markup: HANDLE_MARKUP } },
    items: card.exits.map((exit) => handleOf(card, exit)),
  },
});

function handleOf(card, exit) {
  const isDot = exit.label === '';
  const height = isDot ? 2 * DOT : HANDLE.height;
  const width = isDot ? 2 * DOT : exit.width;
  return {
    id: exit.id,
    group: 'exit',
    exits: exit.names,
    args: { x: card.width / 2 + exit.x, y: card.height },
    attrs: {
      handle: { class: `port${exit.isOpen ? ' open' : ''}${isDot ? ' dot' : ''}` },
      stub: { display: isDot ? 'none' : 'inline' },
      pill: {
        ...{ x: -width / 2, y: isDot ? -DOT : HANDLE.gap, width, height, rx: isDot ? DOT : 5 },
        magnet: true,
      },
      text: { text: exit.label },
    },
  };
}

export const referenceOf = (box) => ({
  position: { x: box.x, y: box.y },
  size: size(box),
  leadsTo: box.to,
  attrs: {
    box: size(box),
    text: { text: box.text, x: box.width / 2, y: box.height / 2 + 4 },
  },
});

export const figureOf = (figure) => ({
  position: { x: figure.x, y: figure.y },
  size: size(figure),
  attrs: {
    body: { class: `figure${figure.level ? ` ${figure.level}` : ''}` },
    box: size(figure),
    text: { text: figure.text, x: figure.width / 2, y: figure.height / 2 + 4 },
  },
});

/** `points` is the way that the server found; it holds while both ends are where the server saw them. */
export const lineOf = (line) => ({
  source: {
    id: line.from,
    port: line.exit,
    anchor: { name: 'ivrExit', args: { exit: line.exit } },
  },
  target: { id: line.end, anchor: { name: 'ivrTop' } },
  points: line.points,
  step: line,
  attrs: { line: { class: `edge${line.isBack ? ' dash' : ''}` } },
});

const middleTop = (model) => {
  const box = model.getBBox();
  return new g.Point(box.x + box.width / 2, box.y);
};

/** Where lines end, from the model alone: views out of sight need not exist. */
export const ANCHORS = {
  ivrTop: (view) => middleTop(view.model),
  ivrExit: (view, _magnet, _ref, { exit }) => {
    const { x, y } = view.model.position();
    const { width, height } = view.model.size();
    const handle = view.model.get('step').exits.find(({ id }) => id === exit);
    return new g.Point(x + width / 2 + (handle?.x ?? 0), y + height);
  },
};

const isNear = ([x, y], point) => Math.abs(point.x - x) < 1 && Math.abs(point.y - y) < 1;

/** Straight past cards and in an even curve from rank to rank; directly where somebody moved an end. */
export function connector(from, to, _vertices, _args, view) {
  const points = view.model.get('points');
  if (points && isNear(points[0], from) && isNear(points.at(-1), to)) return pathOf(points);
  const pull = Math.max(40, Math.abs(to.y - from.y) / 2);
  return `M ${from.x} ${from.y} C ${from.x} ${from.y + pull} ${to.x} ${to.y - pull} ${to.x} ${to.y}`;
}

function pathOf(points) {
  let path = `M ${points[0][0]} ${points[0][1]}`;
  points.slice(1).forEach(([x, y], index) => {
    const [beforeX, beforeY] = points[index];
    const middle = (beforeY + y) / 2;
    const isStraight = index % 2 === 0 || Math.abs(beforeX - x) < 0.5;
    path += isStraight ? ` L ${x} ${y}` : ` C ${beforeX} ${middle} ${x} ${middle} ${x} ${y}`;
  });
  return path;
}
