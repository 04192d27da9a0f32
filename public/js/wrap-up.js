// What became of the call: finding a code by parts of its path, and keeping code and note on the server.
import { onTopic } from './live.js';

/** A note that is being written is kept at least this often. */
const DRAFT_MS = 2_000;
const SEND_MS = 8_000;

const place = () => document.getElementById('ws-wrapup-form');
const form = () => place().querySelector('form');
const find = () => document.getElementById('ws-find');
const codes = () => [...document.querySelectorAll('.ws-code')];

let timer;
let saving = Promise.resolve();
let isDirty = false;

const say = (name) => {
  const line = document.getElementById('ws-saved');
  if (line) line.textContent = line.dataset[name] ?? name;
};

/** "del lat" finds "Delivery › Late": each part begins a word; where words are not spaced, it stands anywhere. */
function fits(path, typed) {
  const whole = path.toLocaleLowerCase();
  const words = whole.split(/[^\p{L}\p{N}]+/u);
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) =>
      /\p{Script=Han}/u.test(part)
        ? whole.includes(part)
        : words.some((word) => word.startsWith(part)),
    );
}

function narrow() {
  let count = 0;
  for (const code of codes()) {
    code.hidden = !fits(code.dataset.path, find().value);
    if (!code.hidden) count += 1;
  }
  const help = document.getElementById('ws-find-help');
  if (find().value !== '') help.textContent = help.dataset.found.replace('{count}', count);
}

/** One after the other, so that the last word is the last one written. */
function save() {
  clearTimeout(timer);
  timer = undefined;
  isDirty = false;
  const own = form();
  if (!own) return saving;
  const body = new URLSearchParams(new FormData(own));
  say('saving');
  saving = saving.then(() => send(own, body));
  return saving;
}

async function send(own, body) {
  try {
    const answer = await fetch(own.action, {
      method: 'POST',
      body,
      headers: { Accept: 'application/json' },
      signal: AbortSignal.timeout(SEND_MS),
    });
    if (answer.ok) say('saved');
    else say(answer.status === 409 ? (await answer.json()).text : 'failed');
  } catch {
    say('failed');
    soon();
  }
}

function soon() {
  isDirty = true;
  timer ??= setTimeout(save, DRAFT_MS);
}

function choose(code) {
  const radio = code.querySelector('input');
  radio.checked = true;
  save();
  return radio;
}

document.addEventListener('input', ({ target }) => {
  if (target.id === 'ws-find') narrow();
  else if (target.id === 'ws-note') soon();
  else if (target.name === 'disposition') save();
});

document.addEventListener('submit', (event) => {
  if (!event.target.matches('[data-wrap-up]')) return;
  event.preventDefault();
  save();
});

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  const seen = codes().filter((code) => !code.hidden);
  const inList = event.target.name === 'disposition';
  if (event.target.id === 'ws-find' && event.key === 'ArrowDown' && seen[0])
    choose(seen[0]).focus();
  else if (event.target.id === 'ws-find' && event.key === 'Enter') {
    if (seen[0]) {
      choose(seen[0]);
      document.getElementById('ws-note').focus();
    }
  } else if (inList && /^[1-9]$/.test(event.key)) {
    const code = seen.find((one) => one.querySelector('kbd')?.textContent === event.key);
    if (code) choose(code).focus();
  } else if (event.ctrlKey && event.key === 'Enter' && place().contains(event.target)) {
    save().then(() =>
      document.querySelector('form[data-command="finish"] button:not(:disabled)')?.click(),
    );
  } else return;
  event.preventDefault();
});

// Finishing, hiding the page: what is typed is kept first.
document.addEventListener('visibilitychange', () => {
  if (document.hidden && isDirty) save();
});
document.addEventListener('click', (event) => {
  if (isDirty && event.target.closest('form[data-command="finish"]')) save();
});
document.addEventListener('keydown', (event) => {
  if (event.key === 'F9' && isDirty) save();
});

/** Chosen by a script: the form shows it, the note that is being written stays. */
async function showChosen() {
  try {
    const answer = await fetch('/workspace/wrap-up', { headers: { 'HX-Request': 'true' } });
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const chosen = drawn.querySelector('[name=disposition]:checked')?.value;
    const radio = codes()
      .map((code) => code.querySelector('input'))
      .find((one) => one.value === chosen);
    if (radio) radio.checked = true;
    else if (chosen && !isDirty) place().replaceWith(drawn.getElementById('ws-wrapup-form'));
  } catch {
    // The next change of the state asks again.
  }
}
document.addEventListener('disposition-chosen', showChosen);

async function fetchForm() {
  if (isDirty) await save();
  try {
    const answer = await fetch('/workspace/wrap-up', { headers: { 'HX-Request': 'true' } });
    if (!answer.ok) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const next = drawn.getElementById('ws-wrapup-form');
    const call = (holder) => holder.querySelector('[name=call]')?.value;
    // The same call: what somebody works in stays.
    if (call(next) === call(place())) return;
    place().replaceWith(next);
  } catch {
    // The next change of the state asks again.
  }
}

let before;
let phoneCode;
onTopic('agent:me', (values) => {
  // Chosen on the desk phone.
  if (phoneCode !== undefined && phoneCode !== values.phoneCode) showChosen();
  phoneCode = values.phoneCode ?? '';
  const now = `${values.isWrapUpOpen} ${values.call ?? ''} ${values.mode}`;
  if (now === before) return;
  const isFirst = before === undefined;
  const began = values.isWrapUp === true && !before?.endsWith('wrap-up');
  before = now;
  const isTyping = document.activeElement?.closest('input, textarea, select') !== null;
  const comeForward = () => {
    if (began && !isFirst && !isTyping) find()?.focus();
  };
  if (isFirst && form()) comeForward();
  else if (values.isWrapUpOpen) fetchForm().then(comeForward);
});
