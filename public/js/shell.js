// What every page does: menus, drawer, fold, toasts, save bar, keys. Pages work without it, less comfortably.
const root = document.documentElement;
const app = document.getElementById('app');
const textsHolder = document.getElementById('texts');
/** Texts in the reader's language; see SCRIPT_TEXTS in src/web/renderer.ts. */
export const texts = textsHolder ? JSON.parse(textsHolder.dataset.texts) : {};

/** Fills `{name}` in a text. */
export const text = (key, values = {}) =>
  (texts[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

let announcedAt = 0;
let pending;
/** Tells screen readers, at most once in two seconds, the latest wins. */
export function announce(message, { urgent = false } = {}) {
  if (urgent) {
    document.getElementById('alert').textContent = message;
    return;
  }
  clearTimeout(pending);
  const wait = Math.max(0, announcedAt + 2000 - Date.now());
  pending = setTimeout(() => {
    announcedAt = Date.now();
    document.getElementById('announce').textContent = message;
  }, wait);
}

/** A use of the icon sprite. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('class', 'ti');
  svg.setAttribute('aria-hidden', 'true');
  const use = document.createElementNS('http://www.w3.org/2000/svg', 'use');
  use.setAttribute('href', `${texts.icons}#${name}`);
  svg.append(use);
  return svg;
}

/** Shows a notice for six seconds. */
export function toast(message) {
  const holder = document.getElementById('toasts');
  const box = document.createElement('div');
  box.className = 'toast-cb';
  box.setAttribute('role', 'status');
  box.dataset.toast = '6000';
  const words = document.createElement('span');
  words.className = 'grow';
  words.textContent = message;
  const close = document.createElement('button');
  close.type = 'button';
  close.className = 'cb-iconbtn s';
  close.dataset.close = '';
  close.setAttribute('aria-label', text('shell.close'));
  close.append(icon('x'));
  box.append(icon('info-circle'), words, close);
  holder.append(box);
  while (holder.children.length > 3) holder.firstElementChild.remove();
  runToast(box);
}

function runToast(box) {
  let left = Number(box.dataset.toast);
  let timer;
  const start = () => {
    timer = setTimeout(() => box.remove(), left);
  };
  const stop = () => clearTimeout(timer);
  box.addEventListener('pointerenter', stop);
  box.addEventListener('focusin', stop);
  box.addEventListener('pointerleave', start);
  box.addEventListener('focusout', start);
  start();
}

const isTyping = (target) => target.closest('input, textarea, select, [contenteditable]') !== null;

function setFold(isFolded) {
  if (isFolded) root.dataset.fold = 'yes';
  else delete root.dataset.fold;
  for (const button of document.querySelectorAll('[data-fold]'))
    button.setAttribute('aria-expanded', String(!isFolded));
  try {
    localStorage.setItem('cb-fold', isFolded ? 'yes' : 'no');
  } catch {
    // Kept for this page only.
  }
}

function setDrawer(isOpen) {
  app.classList.toggle('drawer', isOpen);
  const button = document.querySelector('[data-drawer]');
  button.setAttribute('aria-expanded', String(isOpen));
  if (isOpen) document.querySelector('#sidebar a').focus();
  else button.focus();
}

document.addEventListener('click', (event) => {
  const target = event.target;
  if (!(target instanceof Element)) return;
  if (target.closest('[data-fold]')) setFold(root.dataset.fold !== 'yes');
  else if (target.closest('[data-drawer]')) setDrawer(!app.classList.contains('drawer'));
  else if (target.closest('[data-drawer-close]')) setDrawer(false);
  else if (target.closest('[data-close]')) target.closest('[data-close]').parentElement.remove();
  const reveal = target.closest('[data-reveal]');
  if (reveal) {
    const field = document.getElementById(reveal.dataset.reveal);
    field.type = field.type === 'password' ? 'text' : 'password';
    reveal.setAttribute('aria-pressed', String(field.type === 'text'));
  }
  const take = target.closest('[data-use-for]');
  if (take) useValue(take);
  for (const menu of document.querySelectorAll('details.cb-menu[open], details.cb-confirm[open]'))
    if (!menu.contains(target)) menu.open = false;
});

/** Takes over a value that somebody else saved meanwhile. */
function useValue(button) {
  const field = document.getElementById(`f-${button.dataset.useFor}`);
  if (!field) return;
  const value = button.dataset.useValue;
  if (field.type === 'checkbox') field.checked = value === 'on';
  else if (field instanceof HTMLFieldSetElement) {
    const chosen = value.split(', ');
    for (const box of field.querySelectorAll('input')) box.checked = chosen.includes(box.value);
  } else field.value = value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
  field.focus();
}

document.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    const open = document.querySelector('details.cb-menu[open], details.cb-confirm[open]');
    if (open) {
      open.open = false;
      open.querySelector('summary').focus();
    } else if (app?.classList.contains('drawer')) setDrawer(false);
    return;
  }
  if ((event.ctrlKey || event.metaKey) && event.key === 's') {
    const form = document.querySelector('form[data-form]');
    if (form) {
      event.preventDefault();
      form.requestSubmit();
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === '[' && app) setFold(root.dataset.fold !== 'yes');
  else if (event.key === '/') {
    const search = document.querySelector('input[type="search"]');
    if (search) {
      event.preventDefault();
      search.focus();
      search.select();
    }
  } else if (['j', 'k', 'ArrowDown', 'ArrowUp'].includes(event.key)) moveRow(event);
});

/** Moves the focus between the identity links of a table's rows. */
function moveRow(event) {
  const links = [...document.querySelectorAll('table[data-rows] tbody a.id')];
  if (links.length === 0) return;
  const at = links.findIndex((link) => link.closest('tr').contains(document.activeElement));
  const isArrow = event.key.startsWith('Arrow');
  if (isArrow && at < 0) return;
  event.preventDefault();
  const step = event.key === 'j' || event.key === 'ArrowDown' ? 1 : -1;
  const next = at < 0 ? 0 : Math.min(Math.max(at + step, 0), links.length - 1);
  links[next].focus();
}

document.addEventListener('change', (event) => {
  if (event.target instanceof Element && event.target.closest('[data-autosubmit]'))
    event.target.form.requestSubmit();
});

// Empty filters do not belong into the address.
document.addEventListener('formdata', (event) => {
  if (event.target.matches('form[data-filter]')) dropEmpty(event.formData);
});
document.addEventListener('htmx:configRequest', (event) => {
  if (event.detail.elt.matches('form[data-filter]')) dropEmpty(event.detail.formData);
});
function dropEmpty(fields) {
  for (const [name, value] of [...fields.entries()]) if (value === '') fields.delete(name);
}

for (const box of document.querySelectorAll('[data-toast]')) runToast(box);
document.querySelector('[data-focus]')?.focus();
for (const button of document.querySelectorAll('[data-fold]'))
  button.setAttribute('aria-expanded', String(root.dataset.fold !== 'yes'));

/** The value of a form as it would be sent, by name. */
function valuesOf(form) {
  const values = new Map();
  for (const [name, value] of new FormData(form)) {
    if (name === '_csrf' || name === 'version' || value instanceof File) continue;
    values.set(name, values.has(name) ? `${values.get(name)}, ${value}` : value);
  }
  return values;
}

/** Counts changes, shows them, asks before they are lost. */
function watchForm(form) {
  const bar = form.querySelector('[data-savebar]');
  const count = bar.querySelector('[data-savebar-count]');
  const show = bar.querySelector('[data-savebar-show]');
  const before = valuesOf(form);
  let isSending = false;
  const changed = () => {
    const now = valuesOf(form);
    return [...new Set([...before.keys(), ...now.keys()])].filter(
      (name) => (before.get(name) ?? '') !== (now.get(name) ?? ''),
    );
  };
  const update = () => {
    const names = changed();
    count.textContent = names.length === 0 ? '' : text('form.unsaved', { count: names.length });
    show.hidden = names.length === 0;
    for (const row of form.querySelectorAll('[data-field]')) markRow(row, names, before);
  };
  show.addEventListener('click', () => {
    const [first] = changed();
    form.querySelector(`[name="${CSS.escape(first)}"]`)?.focus();
  });
  form.addEventListener('input', update);
  form.addEventListener('submit', (event) => {
    // What opens beside the form (a preview) leaves it unsaved.
    isSending = event.submitter?.formTarget !== '_blank';
  });
  addEventListener('beforeunload', (event) => {
    if (!isSending && changed().length > 0) event.preventDefault();
  });
}

function markRow(row, names, before) {
  const name = row.dataset.field;
  const label = row.querySelector('label, legend');
  const isChanged = names.includes(name);
  let mark = label.querySelector('.pen');
  if (isChanged && !mark) {
    mark = document.createElement('span');
    mark.className = 'pen';
    mark.textContent = text('form.changed');
    label.append(' ', mark);
  }
  if (!isChanged) mark?.remove();
  const was = before.get(name);
  if (mark && was) mark.title = text('form.was', { value: was });
}

for (const form of document.querySelectorAll('form[data-form]')) watchForm(form);
