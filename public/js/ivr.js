// The editor of IVR flows: warnings before typed things are lost, and what stays while htmx swaps the editor after each
// change. Without scripts every change loads the page.
import { announce, text } from './shell.js';
import { choose, showBoard } from './ivr/board.js';
import { wish } from './ivr/changes.js';
import { fillExit } from './ivr/exits.js';
import './ivr/trial.js';

/** Where typing begins in the inspector. */
const FIRST_FIELD = '#inspector input:not([type=hidden]), #inspector select';
let kept;
let isDirty = false;

const byId = (id) => document.getElementById(id);
const mayLeave = () => {
  if (isDirty && !window.confirm(text('form.leave'))) return false;
  isDirty = false;
  return true;
};

document.addEventListener('input', (event) => {
  if (event.target.closest('[data-step-form]')) isDirty = true;
});
document.addEventListener(
  'submit',
  (event) => {
    const isOther = !event.target.closest('[data-step-form]');
    if (!isOther) isDirty = false;
    else if (!mayLeave()) event.preventDefault();
  },
  true,
);
document.addEventListener(
  'click',
  (event) => {
    const link = event.target.closest('#ivr-editor a[href]');
    if (!link || !isDirty || event.ctrlKey || event.metaKey) return;
    if (mayLeave()) return;
    event.preventDefault();
    event.stopPropagation();
  },
  true,
);
window.addEventListener('beforeunload', (event) => {
  if (isDirty) event.preventDefault();
});

// What is wrong comes with 422 and 409, and is shown like everything else.
document.body.addEventListener('htmx:beforeSwap', (event) => {
  const { status } = event.detail.xhr;
  if (status === 422 || status === 409) {
    event.detail.shouldSwap = true;
    event.detail.isError = false;
  }
  kept = {
    outline: document.querySelector('.ivr-out')?.scrollTop,
    isOnBoard: byId('ivr-paper')?.contains(document.activeElement),
    typed: isDirty ? typedFields() : [],
    step: byId('step-form')?.action,
  };
});
document.body.addEventListener('htmx:configRequest', (event) => {
  const { verb, headers } = event.detail;
  const version = byId('ivr-model')?.dataset.version;
  // Who only chooses another step of what is shown gets that step alone.
  if (verb === 'get' && version && byId('ivr-editor')) headers['X-Shown-Version'] = version;
});
document.body.addEventListener('htmx:afterSettle', ({ target }) => {
  const editor = byId('ivr-editor');
  // Each part that came is announced: of a change comes always this one, of a choice only the inspector.
  const isChoice = target.id === 'inspector' && target.dataset.chosen !== undefined;
  if (!editor || !(isChoice || target.id === 'ivr-top')) return;
  isDirty = false;
  if (isChoice) markChosen(editor, target.dataset.chosen);
  else showAll();
  if (kept && byId('step-form')?.action === kept.step) typeAgain(kept.typed);
  putFocus(editor);
  const chosen = editor.querySelector('.ivr-insp h2')?.textContent;
  if (chosen) announce(chosen);
  if (window.matchMedia('(max-width: 991px)').matches) byId('inspector')?.scrollIntoView();
});

/** What a change brought, beside the inspector. */
function showAll() {
  showBoard({ mayLeave });
  const outline = document.querySelector('.ivr-out');
  if (kept && outline) outline.scrollTop = kept.outline ?? 0;
  const { title } = byId('ivr-model').dataset;
  if (!title) return;
  document.querySelector('h1').textContent = title;
  document.title = `${title} · Cordboard`;
}

/** The chosen step in all that did not come anew; '' for the flow itself. */
function markChosen(editor, step) {
  for (const link of editor.querySelectorAll('.ivr-out [aria-current]')) {
    link.removeAttribute('aria-current');
    link.parentElement.classList.remove('on');
  }
  const link = byId(`o-${step === '' ? 'entry' : step}`);
  link?.setAttribute('aria-current', 'true');
  link?.parentElement.classList.add('on');
  for (const field of editor.querySelectorAll('#ivr-top [name=selected]')) field.value = step;
  editor.querySelector('.ivr-notice')?.remove();
  byId('ivr-model').dataset.selected = step;
  choose(step);
}

function putFocus(editor) {
  const alarm = editor.querySelector('[data-focus]');
  const form = wish.focus === 'form' && document.querySelector(FIRST_FIELD);
  wish.focus = '';
  if (alarm) alarm.focus();
  else if (form) form.focus();
  else if (kept?.isOnBoard) byId('ivr-paper')?.focus({ preventScroll: true });
  else if (document.activeElement === document.body)
    byId('o-entry')?.focus({ preventScroll: true });
}

const fieldsOf = (form) =>
  [...(form?.elements ?? [])].filter((field) => field.name && field.type !== 'hidden');
const valueOf = (field) => (field.type === 'checkbox' ? field.checked : field.value);
const firstValueOf = (field) => {
  if (field.type === 'checkbox') return field.defaultChecked;
  if (field.tagName !== 'SELECT') return field.defaultValue;
  return [...field.options].find((option) => option.defaultSelected)?.value ?? '';
};

/** What was typed and not saved when something else of the flow changed. */
const typedFields = () =>
  fieldsOf(byId('step-form'))
    .filter((field) => valueOf(field) !== firstValueOf(field))
    .map((field) => ({ name: field.name, own: field.value, value: valueOf(field) }));

/** Types it again into the form as it is now. */
function typeAgain(typed) {
  for (const { name, own, value } of typed) {
    const field = fieldsOf(byId('step-form')).find(
      (one) => one.name === name && (one.type !== 'checkbox' || one.value === own),
    );
    if (!field) continue;
    if (field.type === 'checkbox') field.checked = value;
    else {
      fillExit(field);
      field.value = value;
    }
    isDirty = true;
  }
}

showBoard({ mayLeave });
