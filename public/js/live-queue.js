// The board of one queue, the list of agents, and a conference room. live.js paints the values; here are dialogs, commands, keys and the
// filter of decisions. A command is done when the values say so, not when the server has answered.
import { onTopic, serverNow } from './live.js';
import { toast } from './shell.js';

const board = document.querySelector('[data-board]');
const problem = document.getElementById('lq-problem');
const dialog = document.getElementById('lq-dialog');
const dialogBody = document.getElementById('lq-dialog-body');
const dialogTitle = document.getElementById('lq-dialog-title');
const about = document.getElementById('lq-about');

/** A command that takes longer shows that it is under way. */
const SPINNER_MS = 150;
/** A command without its effect after this is reported as not confirmed. */
const CONFIRM_MS = 5_000;
const SEND_MS = 8_000;

let values = {};

const fill = (pattern, words) =>
  pattern.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
/** What was changed in the queue by hand has changed again. */
const isChanged = (_key, _input, { changesBefore }) => values['changes.now'] !== changesBefore;
const isGone = (key) => values[`${key}.place`] === undefined;

/** When a command is done, seen in the values. */
const DONE = {
  priority: (key, { priority }) =>
    isGone(key) || Number(values[`${key}.priority`]) === Number(priority),
  offer: (key, { agent }) =>
    isGone(key) || String(values[`${key}.with`]).split(' ').includes(agent),
  move: isGone,
  end: isGone,
  opening: isChanged,
  'max-wait': isChanged,
  helper: isChanged,
  undo: (_key, { key }) => !String(values.changes).split(' ').includes(key),
  // Only callers hear it: the answer says how many.
  announce: () => true,
  'send-on': () => true,
  'room-lock': () => values['room.locked'] !== false,
  'room-unlock': () => values['room.locked'] !== true,
  'room-record': () => values['room.recorded'] !== false,
  'room-stop-recording': () => values['room.recorded'] !== true,
  'room-mute-guests': () => !values['room.heard'],
  'room-end': () => values['room.none'] === true,
  // That the room calls somebody, or why not, is the answer; the list shows how it goes on.
  'room-invite': () => true,
  'member-mute': (key) => values[`${key}.muted`] !== false,
  'member-unmute': (key) => values[`${key}.muted`] !== true,
  'member-remove': (key) => values[`${key}.name`] === undefined,
  force: (key, { state }) => {
    const [to, code] = state.split(':');
    const reached =
      values[`${key}.stateNow`] === to ||
      values[`${key}.nextNow`] === to ||
      (to === 'available' && values[`${key}.stateNow`] === 'ringing');
    return reached && (code === undefined || values[`${key}.reasonNow`] === code);
  },
};

/** Commands under way, by what they do to whom: the same one twice does nothing twice. */
const pending = new Map();

const buttonOf = (form) => form.querySelector('button:not([type="button"]):not([hidden])');

function showProblem(form, message) {
  const beside = form.isConnected ? form.querySelector('[data-problem]') : null;
  const place = beside ?? problem;
  place.querySelector('span').textContent = message;
  place.hidden = false;
  if (!beside) return;
  beside.setAttribute('role', 'alert');
  const control = form.querySelector('input:not([type="hidden"]), select');
  control?.setAttribute('aria-invalid', 'true');
}

function clearProblems(form) {
  problem.hidden = true;
  for (const place of form.querySelectorAll('.lq-said')) place.hidden = true;
  for (const control of form.querySelectorAll('[aria-invalid]')) {
    control.removeAttribute('aria-invalid');
    control.classList.remove('err');
  }
}

async function send(form) {
  const answer = await fetch(form.action, {
    method: 'POST',
    body: new URLSearchParams(new FormData(form)),
    headers: { Accept: 'application/json' },
    signal: AbortSignal.timeout(SEND_MS),
  });
  if (answer.status === 401) location.reload();
  const { text: said } = await answer.json();
  return answer.ok ? { said } : { refusal: said };
}

async function give(form) {
  const { command, about: key } = form.dataset;
  const name = `${command} ${key}`;
  if (pending.has(name)) return;
  const button = buttonOf(form);
  const given = { form, button, command, key, input: Object.fromEntries(new FormData(form)) };
  given.label = button.textContent.trim();
  given.changesBefore = values['changes.now'];
  pending.set(name, given);
  const menu = form.closest('details');
  if (menu) {
    menu.querySelector('summary').focus();
    menu.open = false;
  }
  clearProblems(form);
  button.setAttribute('aria-disabled', 'true');
  given.spinner = setTimeout(() => markWaiting(given, true), SPINNER_MS);
  try {
    const { refusal, said } = await send(form);
    if (refusal !== undefined) {
      end(name);
      showProblem(form, refusal);
      return;
    }
    if (said) toast(said);
  } catch {
    end(name);
    showProblem(form, fill(board.dataset.textFailed, { command: given.label }));
    return;
  }
  given.isTaken = true;
  given.limit = setTimeout(() => {
    end(name);
    showProblem(form, fill(board.dataset.textUnconfirmed, { command: given.label }));
  }, CONFIRM_MS);
  endDone();
}

/** The button, and the row that it belongs to, where its menu has closed. */
function markWaiting({ form, button }, isWaiting) {
  button.classList.toggle('is-waiting', isWaiting);
  form.closest('details')?.querySelector('summary').classList.toggle('is-waiting', isWaiting);
}

function end(name) {
  const given = pending.get(name);
  if (!given) return;
  pending.delete(name);
  clearTimeout(given.spinner);
  clearTimeout(given.limit);
  markWaiting(given, false);
  given.button.removeAttribute('aria-disabled');
}

function endDone() {
  for (const [name, given] of pending) {
    if (!given.isTaken || !DONE[given.command](given.key, given.input, given)) continue;
    end(name);
    clearProblems(given.form);
    if (given.form.dataset.clears !== undefined) given.form.reset();
    if (dialog.open && dialog.contains(given.form)) dialog.close();
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-command]');
  if (form) {
    event.preventDefault();
    give(form);
  } else if (event.target.contains(about)) event.preventDefault();
});

let opener;
/** Shows a page's content over the board. Without an answer the page itself is opened. */
async function openDialog(link) {
  try {
    const answer = await fetch(link.href, {
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const part = drawn.body.firstElementChild;
    dialogTitle.textContent = part.dataset.dialogTitle;
    dialogBody.replaceChildren(part);
  } catch {
    location.assign(link.href);
    return;
  }
  opener = link.closest('details')?.querySelector('summary') ?? link;
  for (const menu of document.querySelectorAll('details.cb-menu[open]')) menu.open = false;
  dialog.classList.toggle('is-drawer', !dialogBody.querySelector('form'));
  dialog.showModal();
  const first = dialogBody.querySelector('input:not([type="hidden"]), select') ?? dialogTitle;
  first.focus();
}

dialog.addEventListener('close', () => {
  const target = opener?.isConnected ? opener : document.getElementById('main');
  target.focus();
});

document.addEventListener('click', (event) => {
  if (!(event.target instanceof Element)) return;
  const link = event.target.closest('a[data-dialog]');
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    openDialog(link);
  } else if (event.target.closest('[data-dialog-close]')) dialog.close();
});

/** A menu in a pane that scrolls would be cut off at its border: it stands on top of the page instead. */
function placeMenu(menu) {
  const box = menu.querySelector('.cb-menu-list');
  const at = menu.querySelector('summary').getBoundingClientRect();
  box.style.position = 'fixed';
  box.style.left = 'auto';
  box.style.right = `${document.documentElement.clientWidth - at.right}px`;
  const isLow = at.bottom + box.offsetHeight + 6 > innerHeight;
  box.style.top = isLow ? `${Math.max(6, at.top - box.offsetHeight - 6)}px` : `${at.bottom + 6}px`;
}
const placeOpenMenus = () => {
  for (const menu of document.querySelectorAll('details.lq-menu[open]')) placeMenu(menu);
};
// Neither event bubbles.
document.addEventListener('toggle', placeOpenMenus, true);
document.addEventListener('scroll', placeOpenMenus, true);
addEventListener('resize', placeOpenMenus);

/** Hides decisions about others. */
function filterDecisions() {
  if (!about) return;
  let shown = 0;
  const rows = document.querySelectorAll('#lq-decisions > [data-row]');
  for (const row of rows) {
    const isAbout =
      about.value === '' || (row.dataset.state ?? '').split(' ').includes(about.value);
    row.hidden = !isAbout;
    if (isAbout) shown += 1;
  }
  document.getElementById('lq-none-about').hidden = shown > 0 || rows.length === 0;
}
about?.addEventListener('change', () => {
  filterDecisions();
  const url = new URL(location.href);
  if (about.value === '') url.searchParams.delete('agent');
  else url.searchParams.set('agent', about.value);
  history.replaceState(null, '', url);
});

onTopic(board.dataset.board, (now, keys) => {
  values = now;
  endDone();
  if (keys.some((key) => key.startsWith('decision'))) filterDecisions();
});

const isTyping = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;
let pressedG = 0;
const TWO_KEYS_MS = 1_000;
document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || dialog.open) return;
  if (isTyping(event.target)) return;
  if (event.key === 'g') pressedG = serverNow();
  else if (event.key === 'q' && serverNow() - pressedG < TWO_KEYS_MS) {
    event.preventDefault();
    const first = document.querySelector('.qtabs a');
    if (first) first.focus();
    else location.assign('/live/queues');
  } else if (event.key === 'f') {
    const link = event.target.closest('tr')?.querySelector('a[data-force]');
    if (!link) return;
    event.preventDefault();
    openDialog(link);
  }
});
