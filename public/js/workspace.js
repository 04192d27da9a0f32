// The agent's page. live.js paints the values of `agent:me`; here are the window's title, what is announced, commands,
// keys, and the panels from the database. The page decides nothing: it shows what the server says.
import { onTopic } from './live.js';
import { announce } from './shell.js';

const root = document.getElementById('workspace');
const problem = document.getElementById('ws-problem');
const stateMenu = document.getElementById('ws-state');
const numberField = document.getElementById('ws-number');
const keyList = document.getElementById('ws-keys');
const texts = root.dataset;

/** A command that takes longer shows that it is under way. */
const SPINNER_MS = 150;
/** A command without its effect after this is reported as not confirmed. */
const CONFIRM_MS = 5_000;
/** The own phone rings this long for a number dialed here, and a little for the way. */
const DIAL_MS = 25_000;
const SEND_MS = 8_000;
const PENDING_MS = 1_000;
const PENDING_TRIES = 15;
const RETRY_MS = 5_000;

let values = {};
let isFirst = true;
let announcedCall = '';

const fill = (pattern, words) =>
  pattern.replace(/\{(\w+)\}/g, (whole, name) => words[name] ?? whole);
const talks = (now) => now.state === 'talking';

/** When a command is done, seen in the values; `before` are those of the moment in which it was given. */
const DONE = {
  'sign-in': (now) => now.isSignedIn === true,
  'sign-out': (now) => now.isSignedOut === true || now.next === 'signed-out',
  available: (now) =>
    talks(now) ? now.next === 'available' : ['available', 'ringing'].includes(now.state),
  'not-ready': (now, before, { reason }) =>
    now.reason === reason && (talks(now) ? now.next === 'not-ready' : now.state === 'not-ready'),
  finish: (now) => now.isWrapUp !== true,
  'preview-call': (now, before) =>
    now.previewPhase !== 'record' || now.previewAttempt !== before.previewAttempt,
  'preview-skip': (now, before) => now.previewAttempt !== before.previewAttempt,
  'preview-refuse': (now, before) => now.previewAttempt !== before.previewAttempt,
  'preview-schedule': (now, before) => now.previewAttempt !== before.previewAttempt,
  extend: (now, before) => now.wrapUpUntil !== before.wrapUpUntil,
  'hang-up': (now, before) =>
    before.isPreview === true
      ? now.isPreviewDialled !== true
      : now.call !== before.call || now.hasCall !== true,
  dial: (now) => now.hasCall === true,
  redial: (now) => now.hasCall === true,
  'pick-up': (now) => now.hasCall === true,
  'call-back': (now) => now['last.canCallBack'] !== true,
  hold: (now, before) => now.isHeld === true || now.call !== before.call,
  resume: (now) => now.isHeld !== true,
  // Refused by the other phone at once, it is done as well.
  consult: (now, before) =>
    now.isConsult === true || now.consultProblemAt !== before.consultProblemAt || !now.hasCall,
  transfer: (now, before) => now.call !== before.call || now.isHolder !== true,
  complete: (now, before) => now.call !== before.call || now.isHolder !== true,
  swap: (now, before) => now.isSwapped !== before.isSwapped || now.isConsult !== true,
  conference: (now) => now.isConsult !== true,
  drop: (now) => now.isConsult !== true,
  'record-start': (now) => now.canRecordStart !== true,
  'record-stop': (now) => now.canRecordStop !== true,
  'record-pause': (now) => now.canRecordPause !== true,
  'record-resume': (now) => now.canRecordResume !== true,
};

/** Commands for which the own phone rings first. */
const RINGS = new Set(['dial', 'redial', 'pick-up']);

/** Commands under way, by name: the same one twice does nothing twice. */
const pending = new Map();

function setBusy(form, isBusy) {
  const button = form.querySelector('button:not([type="button"])');
  if (isBusy) button.setAttribute('aria-disabled', 'true');
  else button.removeAttribute('aria-disabled');
  button.classList.remove('is-waiting');
  return button;
}

function labelOf(form) {
  const button = form.querySelector('button');
  const copy = button.cloneNode(true);
  for (const key of copy.querySelectorAll('kbd, svg')) key.remove();
  return button.getAttribute('aria-label') ?? copy.textContent.trim();
}

/** Beside the field that it is about, else on top of the page. */
function showProblem(form, text, { canCheck = false } = {}) {
  const beside = form.querySelector('[data-problem]');
  const place = beside && !canCheck ? beside : problem;
  place.querySelector('span').textContent = text;
  place.hidden = false;
  if (place === problem) problem.querySelector('a').hidden = !canCheck;
  else {
    const field = form.querySelector('.inp');
    if (field === null) return;
    field.setAttribute('aria-invalid', 'true');
    field.classList.add('err');
    field.focus();
  }
}

function clearProblems(form) {
  problem.hidden = true;
  for (const place of form.querySelectorAll('[data-problem], [data-note]')) place.hidden = true;
  for (const field of form.querySelectorAll('.inp')) {
    field.removeAttribute('aria-invalid');
    field.classList.remove('err');
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
  const { text } = await answer.json();
  return answer.ok ? undefined : text;
}

async function give(form) {
  const name = form.dataset.command;
  if (pending.has(name)) return;
  const given = { form, before: { ...values }, input: Object.fromEntries(new FormData(form)) };
  pending.set(name, given);
  const menu = form.closest('details.cb-menu');
  if (menu?.contains(document.activeElement)) menu.querySelector('summary').focus();
  if (menu) menu.open = false;
  clearProblems(form);
  const button = setBusy(form, true);
  given.spinner = setTimeout(() => button.classList.add('is-waiting'), SPINNER_MS);
  try {
    const refusal = await send(form);
    if (refusal !== undefined) {
      end(name);
      showProblem(form, refusal);
      return;
    }
  } catch {
    end(name);
    showProblem(form, fill(texts.textFailed, { command: labelOf(form) }), { canCheck: true });
    return;
  }
  if (pending.get(name) === given) awaitEffect(name, given);
}

/** The answer only says that the command was taken; it is done when the values say so. */
function awaitEffect(name, given) {
  if (DONE[name](values, given.before, given.input)) {
    end(name);
    return;
  }
  if (RINGS.has(name))
    showNote(given.form, fill(given.form.dataset.textRings ?? texts.textDial, values));
  given.limit = setTimeout(
    () => {
      end(name);
      if (RINGS.has(name))
        showNote(given.form, fill(given.form.dataset.textOver ?? texts.textDialOver, given.before));
      else
        showProblem(given.form, fill(texts.textUnconfirmed, { command: labelOf(given.form) }), {
          canCheck: true,
        });
    },
    RINGS.has(name) ? DIAL_MS : CONFIRM_MS,
  );
}

function showNote(form, text) {
  const note = form.querySelector('[data-note]');
  note.textContent = text;
  note.hidden = false;
}

function end(name) {
  const given = pending.get(name);
  if (!given) return;
  pending.delete(name);
  clearTimeout(given.spinner);
  clearTimeout(given.limit);
  setBusy(given.form, false);
}

function endDone() {
  for (const [name, given] of pending) {
    if (!DONE[name](values, given.before, given.input)) continue;
    end(name);
    if (name === 'dial' || name === 'preview-schedule') given.form.reset();
    clearProblems(given.form);
  }
}

document.addEventListener('submit', (event) => {
  const form = event.target.closest('form[data-command]');
  if (!form) return;
  event.preventDefault();
  give(form);
});

/** Gives a command as if its button had been pressed; the one that is seen, where there are several. */
function press(name) {
  const forms = [...document.querySelectorAll(`form[data-command="${name}"]`)];
  const form = forms.find((one) => one.checkVisibility()) ?? forms[0];
  const button = form?.querySelector('button:not([type="button"])');
  if (!button || button.disabled) return;
  if (form.reportValidity()) form.requestSubmit(button);
}

let panelsAsked = 0;
/** Fetches what comes from the database; only the newest question is answered. */
async function fetchPanels(after = '', tries = PENDING_TRIES) {
  const asked = ++panelsAsked;
  const again = (wait) =>
    setTimeout(() => {
      if (asked === panelsAsked && tries > 0) fetchPanels(after, tries - 1);
    }, wait);
  const note = document.getElementById('ws-panels-problem');
  try {
    const answer = await fetch(`/workspace/panels?${new URLSearchParams({ after })}`, {
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (asked !== panelsAsked) return;
    note.hidden = true;
    const holder = drawn.body.firstElementChild;
    for (const part of [...holder.children]) replacePart(part);
    if (holder.dataset.pending === 'true') again(PENDING_MS);
  } catch {
    if (asked !== panelsAsked) return;
    note.hidden = false;
    again(RETRY_MS);
  }
}

/** Keeps the reader's place: scroll, and focus on the same link. */
function replacePart(part) {
  const old = document.getElementById(part.id);
  if (!old || old.outerHTML === part.outerHTML) return;
  const focused = old.contains(document.activeElement) ? document.activeElement : undefined;
  const top = old.scrollTop;
  old.replaceWith(part);
  part.scrollTop = top;
  if (!focused) return;
  const href = focused.getAttribute('href');
  const same = [part, ...part.querySelectorAll('a')].find(
    (link) => link.getAttribute('href') === href,
  );
  (same ?? part.closest('section') ?? document.getElementById('main')).focus();
}

onTopic('agent:me', (now) => {
  const before = values;
  values = { ...now };
  document.title = values.windowTitle || texts.pageTitle;
  if (values.announcement && values.call !== announcedCall) {
    announcedCall = values.call;
    announce(values.announcement, { urgent: true });
  } else if (values.isPreview && values.previewAttempt !== before.previewAttempt)
    announce(values.previewAnnouncement ?? '');
  else if (values.previewDialling && values.previewDialling !== before.previewDialling)
    announce(values.previewDialling);
  else if (!isFirst && values.stateText !== before.stateText) announce(values.stateText ?? '');
  endDone();
  // Whoever worked in something that has just vanished goes on beside it.
  if (document.activeElement?.closest('[hidden]')) document.getElementById('ws-call').focus();
  bringForward(before);
  if (!isFirst && values.panels !== before.panels)
    fetchPanels(before.canHangUp && !values.canHangUp ? before.call : '');
  isFirst = false;
});

/**
 * In a narrow window: what the state is about comes forward, the form at wrap-up, the call when one comes or the form is
 * done. Not away from what somebody types in.
 */
function bringForward(before) {
  if (isTyping(document.activeElement)) return;
  if (values.isWrapUp && !before.isWrapUp) showPanel('own');
  else if (
    (before.isWrapUp && !values.isWrapUp) ||
    (values.call && values.call !== before.call) ||
    (values.previewAttempt && values.previewAttempt !== before.previewAttempt)
  )
    showPanel('call');
}

function doPrimary() {
  if (values.primary === 'dial') goToNumber();
  else if (values.primary) press(values.primary);
}

function goToNumber() {
  if (!values.canDial) return;
  showPanel('call');
  numberField.focus();
}

/** The other end of an earlier call: its number is seen in the field, masked or not; what is sent is the call. */
function dialAgain({ dial, dialShown }) {
  if (!values.canDial) return;
  goToNumber();
  numberField.value = dialShown;
  numberField.form.elements.call.value = dial;
  press('dial');
}
numberField.addEventListener('input', () => {
  numberField.form.elements.call.value = '';
});

function openReasons() {
  if (!values.canChoose) return;
  stateMenu.open = true;
  stateMenu.querySelector('form[data-command="not-ready"] button').focus();
}

const isTyping = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;

const toggleHold = () => {
  if (values.canResume) press('resume');
  else if (values.canHold) press('hold');
};
const togglePause = () => {
  if (values.canRecordResume) press('record-resume');
  else if (values.canRecordPause) press('record-pause');
};
const toggleRecording = () => {
  if (values.canRecordStart) press('record-start');
  else if (values.canRecordStop) press('record-stop');
};
const openTargets = () => {
  if (!values.canConsult) return;
  showPanel('call');
  document.dispatchEvent(new CustomEvent('targets-wanted'));
};

const LETTERS = {
  a: () => values.mayChooseAvailable && press('available'),
  b: openReasons,
  d: goToNumber,
  h: toggleHold,
  p: togglePause,
  s: () => values.isPreviewRead && press('preview-skip'),
  r: toggleRecording,
  t: openTargets,
  '?': () => keyList.showModal(),
};

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey || keyList.open) return;
  if (event.key === 'F2') doPrimary();
  else if (event.key === 'F4') toggleHold();
  else if (event.key === 'F8') openTargets();
  else if (event.key === 'F9' && event.shiftKey) {
    if (values.canHangUp) press('hang-up');
  } else if (event.key === 'F9') {
    if (values.isWrapUp) press('finish');
  } else if (LETTERS[event.key] && !isTyping(event.target)) LETTERS[event.key]();
  else return;
  event.preventDefault();
});

/** Where the parts do not fit beside each other, one of them is shown. */
function showPanel(name) {
  root.dataset.panel = name;
  for (const link of document.querySelectorAll('[data-panel]'))
    if (link !== root) {
      const isOn =
        link.dataset.panel === name ||
        (link.closest('.ws-tabs') && name === 'call' && link.dataset.panel === 'caller');
      if (isOn) link.setAttribute('aria-current', 'true');
      else link.removeAttribute('aria-current');
    }
}

document.addEventListener('click', (event) => {
  const again = event.target.closest('[data-dial]');
  if (again) dialAgain(again.dataset);
  const link = event.target.closest('a[data-panel]');
  if (link) {
    event.preventDefault();
    showPanel(link.dataset.panel);
  } else if (event.target.closest('[data-keys]')) keyList.showModal();
});

showPanel('call');
