// Live values. Elements below [data-topic] follow the values of that topic:
//   data-live="key"          text; data-live-as="duration|countdown" ticks from or towards an instant of the server
//   data-live-state="key"    sets data-state     data-live-title, -href, -width, -value, -label likewise
//   data-live-icon="key"     an icon of the sprite by name
//   data-live-show="key"     hidden while the value is empty, 0 or false; data-live-disabled likewise
//   data-live-list="key"     one row for each id in the value; rows come from the <template> inside, `{id}` filled in
// Everything shown comes from the server. While the connection is away values stand still and look so.
import { announce, text, texts, toast } from './shell.js';

const DELAYED_MS = 3_000;
const STALE_MS = 10_000;
/** The process that runs the calls publishes every two seconds. */
const SILENT_MS = 10_000;
const STEPS_MS = [500, 1_000, 2_000, 4_000, 5_000];

const topics = new Map();
let socket;
let tries = 0;
let lastHeardAt = 0;
let awaySince = 0;
let wasLive = false;
let clockOffset = 0;
let beat;
let shown = '';
let isSigningOut = false;

/** The server's clock, whatever the PC's says. */
export const serverNow = () => Date.now() + clockOffset;

export function formatDuration(ms) {
  const total = Math.max(0, Math.floor(ms / 1000));
  const two = (part) => String(part).padStart(2, '0');
  const minutes = Math.floor(total / 60);
  return minutes < 60
    ? `${minutes}:${two(total % 60)}`
    : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(total % 60)}`;
}

const isSet = (value) =>
  value !== undefined && value !== null && value !== '' && value !== false && value !== 0;

/** Followers of changes besides the marked elements; see `onTopic`. */
const listeners = new Map();

/** Calls `listener(values, changedKeys)` after each change of a topic. Pages with their own drawings use it. */
export function onTopic(name, listener) {
  listeners.set(name, [...(listeners.get(name) ?? []), listener]);
  const topic = topics.get(name);
  if (topic?.seq >= 0) listener(topic.values, Object.keys(topic.values));
  if (!topic) {
    topics.set(name, newTopic());
    follow();
  }
}

const newTopic = () => ({ roots: [], values: {}, seq: -1, cells: new Map() });

/** Finds what follows which key. Runs again after rows came or went. */
function index(topic) {
  topic.cells = new Map();
  const add = (key, cell) => {
    if (!topic.cells.has(key)) topic.cells.set(key, []);
    topic.cells.get(key).push(cell);
  };
  for (const root of topic.roots)
    for (const element of [root, ...root.querySelectorAll('*')])
      for (const { name, value } of [...element.attributes]) {
        if (name === 'data-live') add(value, { element, kind: element.dataset.liveAs ?? 'text' });
        else if (/^data-live-(?!as$|empty$)/.test(name))
          add(value, { element, kind: `-${name.slice('data-live-'.length)}` });
      }
}

function paint(cell, value, isFirst) {
  const { element, kind } = cell;
  switch (kind) {
    case 'text': {
      const next =
        value === null || value === undefined ? (element.dataset.liveEmpty ?? '') : String(value);
      if (element.textContent === next) return;
      element.textContent = next;
      if (!isFirst) flash(element);
      return;
    }
    case 'duration':
    case 'countdown':
      tickCell(cell, value);
      return;
    case '-icon':
      element.firstElementChild.setAttribute('href', isSet(value) ? `${texts.icons}#${value}` : '');
      return;
    case '-show':
      element.hidden = !isSet(value);
      return;
    case '-disabled':
      element.disabled = isSet(value);
      return;
    case '-list':
      return;
    default: {
      const attribute = { '-state': 'data-state', '-label': 'aria-label' }[kind] ?? kind.slice(1);
      if (value === null || value === undefined) element.removeAttribute(attribute);
      else element.setAttribute(attribute, String(value));
    }
  }
}

const calm = matchMedia('(prefers-reduced-motion: reduce)');
function flash(element) {
  if (calm.matches) return;
  element.classList.remove('is-changed');
  requestAnimationFrame(() => element.classList.add('is-changed'));
}

function tickCell({ element, kind }, value) {
  const next =
    typeof value !== 'number'
      ? (element.dataset.liveEmpty ?? '')
      : formatDuration(kind === 'duration' ? serverNow() - value : value - serverNow());
  if (element.textContent !== next) element.textContent = next;
}

/** Rows appear, go and change their order. Nothing moves while somebody works in the list. */
function arrange(topic, list, value) {
  const ids = String(value ?? '')
    .split(' ')
    .filter(Boolean);
  const rows = new Map(
    [...list.querySelectorAll(':scope > [data-row]')].map((row) => [row.dataset.row, row]),
  );
  const pattern = list.querySelector(':scope > template');
  let hasChanged = false;
  for (const [id, row] of rows)
    if (!ids.includes(id)) {
      if (row.contains(document.activeElement)) document.getElementById('main').focus();
      row.remove();
      rows.delete(id);
      hasChanged = true;
    }
  for (const id of ids)
    if (!rows.has(id)) {
      const row = fillRow(pattern, id);
      rows.set(id, row);
      list.append(row);
      hasChanged = true;
    }
  const wanted = ids.map((id) => rows.get(id));
  const present = [...list.querySelectorAll(':scope > [data-row]')];
  if (wanted.every((row, at) => present[at] === row)) unsorted.delete(list);
  else if (isWorkedIn(list)) unsorted.set(list, topic);
  else {
    list.append(...wanted);
    unsorted.delete(list);
  }
  return hasChanged;
}

/** Lists whose order waits until nobody works in them any more, with their topics. */
const unsorted = new Map();
/** Somebody who points into a list may be about to click. */
const POINTING_MS = 3_000;
let pointedAt = 0;
document.addEventListener('pointermove', () => {
  pointedAt = Date.now();
});

const isWorkedIn = (list) =>
  list.contains(document.activeElement) ||
  list.querySelector('details[open]') !== null ||
  (list.matches(':hover') && Date.now() - pointedAt < POINTING_MS);

function fillRow(pattern, id) {
  const row = pattern.content.firstElementChild.cloneNode(true);
  row.dataset.row = id;
  for (const element of [row, ...row.querySelectorAll('*')])
    for (const attribute of [...element.attributes])
      if (attribute.value.includes('{id}'))
        attribute.value = attribute.value.replaceAll('{id}', id);
  return row;
}

function apply(topic, keys, isFirst) {
  if (document.hidden) {
    topic.isBehind = true;
    return;
  }
  let hasNewRows = false;
  for (const root of topic.roots)
    for (const list of [root, ...root.querySelectorAll('[data-live-list]')])
      if (list.dataset.liveList !== undefined && keys.includes(list.dataset.liveList))
        hasNewRows = arrange(topic, list, topic.values[list.dataset.liveList]) || hasNewRows;
  if (hasNewRows) {
    index(topic);
    for (const [key, cells] of topic.cells)
      for (const cell of cells) paint(cell, topic.values[key], true);
  } else
    for (const key of keys)
      for (const cell of topic.cells.get(key) ?? []) paint(cell, topic.values[key], isFirst);
}

function take(message) {
  lastHeardAt = Date.now();
  if (message.type === 'beat') {
    clockOffset = message.at - Date.now();
    beat = message;
    showState();
    return;
  }
  const topic = topics.get(message.topic);
  if (!topic) return;
  if (message.type === 'all') {
    const before = Object.keys(topic.values);
    topic.values = message.values;
    topic.seq = message.seq;
    const keys = [...new Set([...before, ...Object.keys(message.values)])];
    apply(topic, keys, true);
    tell(message.topic, topic, keys);
  } else if (message.type === 'some') {
    if (message.seq !== topic.seq + 1) {
      send({ type: 'again', topic: message.topic });
      return;
    }
    topic.seq = message.seq;
    Object.assign(topic.values, message.set);
    for (const key of message.gone) delete topic.values[key];
    const keys = [...Object.keys(message.set), ...message.gone];
    apply(topic, keys, false);
    tell(message.topic, topic, keys);
  }
}

function tell(name, topic, keys) {
  for (const listener of listeners.get(name) ?? []) listener(topic.values, keys);
}

const send = (message) => {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(message));
};
const follow = () => send({ type: 'follow', topics: [...topics.keys()] });

/** A screen that came by a link; nobody is signed in there. */
const guest = document.documentElement.dataset.guest;

function connect() {
  const url = new URL('/live/socket', location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  if (guest) url.searchParams.set('guest', guest);
  socket = new WebSocket(url);
  socket.addEventListener('open', () => {
    tries = 0;
    follow();
  });
  socket.addEventListener('message', (event) => {
    take(JSON.parse(event.data));
    if (!wasLive) becameLive();
  });
  socket.addEventListener('close', (event) => {
    if (wasLive || awaySince === 0) awaySince = lastHeardAt || Date.now();
    wasLive = false;
    for (const topic of topics.values()) topic.seq = -1;
    showState();
    if (event.code === 4401) {
      // The page that follows the sign-out is on its way already.
      if (isSigningOut) return;
      // The page says what became of the link.
      if (guest) {
        location.reload();
        return;
      }
      location.assign(`/login?back=${encodeURIComponent(location.pathname + location.search)}`);
      return;
    }
    const wait = STEPS_MS[Math.min(tries, STEPS_MS.length - 1)] * (0.7 + Math.random() * 0.6);
    tries += 1;
    setTimeout(connect, wait);
  });
}

function becameLive() {
  wasLive = true;
  if (awaySince > 0) {
    const message = text('live.back', { seconds: Math.round((Date.now() - awaySince) / 1000) });
    toast(message);
    announce(message);
  }
  awaySince = 0;
  showState();
}

const clockTime = (at) =>
  new Intl.DateTimeFormat(document.documentElement.lang, {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
    timeZone: texts.zone,
  }).format(at);

/** `live`, `delayed` or `off`, and since when. */
function currentState() {
  const silentFor = lastHeardAt === 0 ? 0 : Date.now() - lastHeardAt;
  if (awaySince > 0 || silentFor > STALE_MS)
    return { name: 'off', since: (awaySince || lastHeardAt) + clockOffset, why: 'live.banner' };
  if (!beat) return { name: 'waiting' };
  const age = serverNow() - beat.heardAt;
  if (beat.heardAt > 0 && age > SILENT_MS)
    return { name: 'off', since: beat.heardAt, why: 'live.calls-silent' };
  if (beat.heardAt === 0) return { name: 'off', why: 'live.calls-never' };
  if (silentFor > DELAYED_MS) return { name: 'delayed', seconds: Math.round(silentFor / 1000) };
  return { name: 'live' };
}

function showState() {
  const state = currentState();
  const dot = document.getElementById('live-dot');
  const time = state.since ? clockTime(state.since) : '';
  const key = { live: 'live.live', delayed: 'live.delayed', waiting: 'live.connecting' }[
    state.name
  ];
  const words = key
    ? text(key, { seconds: state.seconds })
    : time === ''
      ? text('live.none')
      : text('live.not-live', { time });
  if (dot) {
    dot.dataset.state = state.name;
    const label = dot.querySelector('span');
    if (label.textContent !== words) label.textContent = words;
    dot.title = words;
  }
  document.body.classList.toggle('is-stale', state.name === 'off');
  const banner = document.getElementById('banner-live');
  const isPbxAway = state.name !== 'off' && beat && !beat.isPbxOnline;
  const message =
    state.name === 'off' ? text(state.why, { time }) : isPbxAway ? text('live.pbx-offline') : '';
  if (banner) {
    banner.hidden = message === '';
    const label = banner.querySelector('span');
    if (label.textContent !== message) label.textContent = message;
  }
  for (const control of document.querySelectorAll('[data-needs-live]')) {
    control.disabled = state.name === 'off';
    control.title = state.name === 'off' ? words : '';
  }
  const summary = state.name === 'off' ? state.why : state.name;
  if (shown !== '' && summary !== shown && state.name === 'off')
    announce(message, { urgent: true });
  shown = summary;
}

function tick() {
  showState();
  for (const [list, topic] of [...unsorted])
    arrange(topic, list, topic.values[list.dataset.liveList]);
  if (document.hidden || document.body.classList.contains('is-stale')) return;
  for (const topic of topics.values())
    for (const [key, cells] of topic.cells)
      for (const cell of cells)
        if (cell.kind === 'duration' || cell.kind === 'countdown')
          tickCell(cell, topic.values[key]);
}

document.addEventListener('submit', (event) => {
  if (event.target.getAttribute('action') === '/sign-out') isSigningOut = true;
});

document.addEventListener('visibilitychange', () => {
  if (document.hidden) return;
  // A tab that comes back asks for everything: nothing is merged onto what it missed.
  for (const [name, topic] of topics) if (topic.isBehind) send({ type: 'again', topic: name });
  for (const topic of topics.values()) topic.isBehind = false;
});

/** Finds what the page follows. True where it is something that was not followed before. */
function findRoots() {
  let hasNew = false;
  for (const topic of topics.values()) topic.roots = [];
  for (const root of document.querySelectorAll('[data-topic]')) {
    const name = root.dataset.topic;
    hasNew ||= !topics.has(name);
    if (!topics.has(name)) topics.set(name, newTopic());
    topics.get(name).roots.push(root);
  }
  for (const topic of topics.values()) index(topic);
  return hasNew;
}

// What htmx has put into the page shows what the server knew when it made it.
document.body.addEventListener('htmx:afterSettle', () => {
  if (findRoots()) follow();
  for (const topic of topics.values())
    if (topic.seq >= 0) apply(topic, Object.keys(topic.values), true);
});

findRoots();
connect();
setInterval(tick, 1_000);
