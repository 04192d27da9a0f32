// The call of a campaign on the agent's page: record, script, do-not-call, booking, and what is due. Everything is kept on the
// server and drawn there; this fetches it when the call changes, sends forms without leaving the page, and listens to keys.
import { onTopic } from './live.js';
import { announce } from './shell.js';

const PATH = '/workspace/call-work';
const SEND_MS = 8_000;
const RETRY_MS = 5_000;
/** What is due is looked at again so often. */
const DUE_MS = 30_000;
/** Answers that are being typed are kept at least this often. */
const KEEP_MS = 2_000;

const script = () => document.querySelector('#cw-script form[data-script]');
const problem = document.getElementById('ws-problem');

let asked = 0;
let keepTimer;
let isSending = false;
/** What has been announced as due. */
const told = new Set();

function show(html) {
  const drawn = new DOMParser().parseFromString(html, 'text/html').body.firstElementChild;
  if (!drawn) return;
  for (const part of [...drawn.children]) {
    const old = document.getElementById(part.id);
    if (!old || old.outerHTML === part.outerHTML || waitsForDialog(old, part)) continue;
    // Whoever types in something that is drawn alike goes on there.
    const focused = old.contains(document.activeElement) ? document.activeElement.id : '';
    old.replaceWith(part);
    if (focused) document.getElementById(focused)?.focus();
  }
  if (drawn.dataset.notice) announce(drawn.dataset.notice, { urgent: true });
  document.querySelector('dialog[data-open]')?.showModal();
  tellDue();
}

/** Whoever reads or fills in a dialog of the same call is not disturbed: the panel comes when it is closed. */
function waitsForDialog(old, part) {
  const dialog = old.querySelector('dialog[open]');
  if (!dialog || old.dataset.call !== part.dataset.call) return false;
  dialog.addEventListener('close', fetchPanel, { once: true });
  return true;
}

async function fetchPanel() {
  const own = ++asked;
  try {
    const answer = await fetch(PATH, {
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const html = await answer.text();
    if (own === asked) show(html);
  } catch {
    setTimeout(() => {
      if (own === asked) fetchPanel();
    }, RETRY_MS);
  }
}

/** Sends a form of the panel; the answer is the panel as it is then. */
async function send(form, submitter) {
  if (isSending) return;
  isSending = true;
  clearTimeout(keepTimer);
  keepTimer = undefined;
  const own = ++asked;
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form, submitter)),
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.status === 401) location.reload();
    const isPanel = [200, 409, 422].includes(answer.status);
    if (!isPanel) throw new Error(String(answer.status));
    const html = await answer.text();
    form.closest('dialog')?.close();
    if (own === asked) show(html);
    if (form.matches('[data-script]') || submitter?.matches('[data-call-work-back]')) follow();
  } catch {
    problem.querySelector('span').textContent = document.getElementById('cw').dataset.failed;
    problem.hidden = false;
  } finally {
    isSending = false;
  }
}

/** The next page is read out, and keys go on from there; a field that does not fit comes first. */
function follow() {
  const place = document.getElementById('cw-script');
  const wrong = place?.querySelector('[aria-invalid=true]');
  (wrong ?? place)?.focus();
  announce(document.getElementById('cw-script-title')?.textContent ?? '');
  // A way that ended in a result has chosen it.
  document.dispatchEvent(new CustomEvent('disposition-chosen'));
}

/** Keeps what is being typed; the page stays as it is. */
async function keep() {
  keepTimer = undefined;
  const form = script();
  const line = document.getElementById('cw-kept');
  if (!form || isSending) return;
  try {
    const answer = await fetch(`${PATH}/keep`, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    const html = await answer.text();
    if (answer.ok) {
      const drawn = new DOMParser().parseFromString(html, 'text/html');
      const next = drawn.querySelector('#cw-script [name=stamp]');
      const now = script()?.querySelector('[name=stamp]');
      if (next && now) now.value = next.value;
    }
    if (line) line.textContent = answer.ok ? line.dataset.kept : '';
  } catch {
    if (line) line.textContent = line.dataset.failed;
  }
}

document.addEventListener('input', ({ target }) => {
  if (target.closest('form[data-script]')) keepTimer ??= setTimeout(keep, KEEP_MS);
});
document.addEventListener('visibilitychange', () => {
  if (document.hidden && keepTimer) keep();
});

document.addEventListener('submit', (event) => {
  if (!event.target.matches('form[data-call-work]')) return;
  event.preventDefault();
  send(event.target, event.submitter);
});

document.addEventListener('click', ({ target }) => {
  const opener = target.closest('[data-call-work-open]');
  if (opener) document.getElementById(opener.dataset.callWorkOpen)?.showModal();
  if (target.closest('[data-call-work-close]')) target.closest('dialog').close();
});

const isTyping = (target) =>
  target.closest('input, textarea, select, [contenteditable], .ws-codes') !== null;

const press = (selector) => {
  const button = document.querySelector(`#cw-panel ${selector}`);
  if (!button || button.disabled) return false;
  button.click();
  return true;
};

const KEYS = {
  x: () => press('[data-call-work-open="cw-block"]'),
  c: () => press('[data-call-work-open="cw-book"]'),
  v: () => {
    const form = document.querySelector('#cw-panel .cw-truth');
    return form !== null && press(`[data-truth="${form.dataset.next}"]`);
  },
  0: () => press('[data-call-work-back]'),
};

document.addEventListener('keydown', (event) => {
  if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (isTyping(event.target) || document.querySelector('dialog[open]')) return;
  const isDone = /^[1-9]$/.test(event.key)
    ? press(`[data-way="${event.key}"]`)
    : KEYS[event.key]?.();
  if (isDone) event.preventDefault();
});

/** What has become due is said once, and stands out until it is done. */
function tellDue() {
  for (const line of document.querySelectorAll('#cw-side [data-due]')) {
    const isDue = Number(line.dataset.due) <= Date.now();
    line.classList.toggle('is-due', isDue);
    const key = `${line.dataset.due} ${line.querySelector('a').getAttribute('href')}`;
    if (!isDue || told.has(key)) continue;
    told.add(key);
    announce(document.getElementById('cw').dataset.due.replace('{who}', line.dataset.who), {
      urgent: true,
    });
  }
}
setInterval(() => {
  if (document.querySelector('dialog[open]') || isTyping(document.activeElement)) tellDue();
  else fetchPanel();
}, DUE_MS);

let before;
onTopic('agent:me', (values) => {
  const now = `${values.call ?? ''} ${values.mode} ${values.isWrapUpOpen}`;
  if (now === before) return;
  before = now;
  if (keepTimer) keep().then(fetchPanel);
  else fetchPanel();
});
