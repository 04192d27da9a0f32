// The editor of IVR flows: zoom, where the drawing stands, and warnings before typed things are lost. htmx swaps the
// editor as a whole after each change; without scripts every change loads the page.
import { announce, text } from './shell.js';

const MIN_ZOOM = 0.4;
const MAX_ZOOM = 1.5;
/** "Fit" may go further than the buttons. */
const MIN_FIT = 0.15;
let zoom = 1;
let kept;
let isDirty = false;

const byId = (id) => document.getElementById(id);

function applyZoom() {
  const svg = byId('ivr-svg');
  if (!svg) return;
  const { width, height } = svg.viewBox.baseVal;
  // Attributes, not styles: htmx copies what elements have, and our policy refuses copied styles.
  svg.setAttribute('width', width * zoom);
  svg.setAttribute('height', height * zoom);
  const output = document.querySelector('[data-zoom] output');
  if (output) output.textContent = `${Math.round(zoom * 100)}%`;
}

function setZoom(value, least = MIN_ZOOM) {
  zoom = Math.min(MAX_ZOOM, Math.max(least, Math.round(value * 20) / 20));
  applyZoom();
  showPlace();
}

/** Draws the frame in the small overview: the part of the drawing that is in view. */
function showPlace() {
  const frame = document.querySelector('[data-view]');
  const area = byId('ivr-scroll');
  if (!frame || !area) return;
  frame.setAttribute('x', area.scrollLeft / zoom);
  frame.setAttribute('y', area.scrollTop / zoom);
  frame.setAttribute('width', area.clientWidth / zoom);
  frame.setAttribute('height', area.clientHeight / zoom);
}

function moveTo(event) {
  const map = event.target.closest('[data-minimap]');
  const area = byId('ivr-scroll');
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(
    map.getScreenCTM().inverse(),
  );
  area.scrollLeft = point.x * zoom - area.clientWidth / 2;
  area.scrollTop = point.y * zoom - area.clientHeight / 2;
}

function fit() {
  const svg = byId('ivr-svg');
  const area = byId('ivr-scroll');
  const { width, height } = svg.viewBox.baseVal;
  const share = Math.min(area.clientWidth / width, area.clientHeight / height);
  setZoom(Math.floor(share * 20) / 20, MIN_FIT);
}

/** Brings the chosen card into view, and nothing else of the page. */
function showChosen() {
  const area = byId('ivr-scroll');
  const card = area?.querySelector('.node.sel');
  if (!card) return;
  const box = card.getBoundingClientRect();
  const frame = area.getBoundingClientRect();
  const isSeen =
    box.left >= frame.left &&
    box.right <= frame.right &&
    box.top >= frame.top &&
    box.bottom <= frame.bottom;
  if (isSeen) return;
  area.scrollLeft += box.left + box.width / 2 - frame.left - frame.width / 2;
  area.scrollTop += box.top + box.height / 2 - frame.top - frame.height / 2;
}

function centreStart() {
  const area = byId('ivr-scroll');
  const entry = area?.querySelector('.node.k-entry');
  if (!entry) return;
  const box = entry.getBoundingClientRect();
  area.scrollLeft +=
    box.left + box.width / 2 - area.getBoundingClientRect().left - area.clientWidth / 2;
}

function ready() {
  isDirty = false;
  const controls = document.querySelector('[data-zoom]');
  if (controls) controls.hidden = false;
  // An SVG element has no `hidden` property.
  document.querySelector('[data-minimap]')?.removeAttribute('hidden');
  byId('ivr-scroll')?.addEventListener('scroll', showPlace, { passive: true });
  applyZoom();
  showPlace();
}

document.addEventListener('click', (event) => {
  if (event.target.closest('[data-minimap]')) moveTo(event);
  const button = event.target.closest('[data-zoom-by], [data-zoom-fit]');
  if (button?.dataset.zoomBy) setZoom(zoom + Number(button.dataset.zoomBy));
  else if (button) fit();
});

document.addEventListener('input', (event) => {
  if (event.target.closest('[data-step-form]')) isDirty = true;
});
document.addEventListener(
  'submit',
  (event) => {
    const isOther = !event.target.closest('[data-step-form]');
    if (isOther && isDirty && !window.confirm(text('form.leave'))) event.preventDefault();
    else isDirty = false;
  },
  true,
);
document.addEventListener(
  'click',
  (event) => {
    const link = event.target.closest('#ivr-editor a[href]');
    if (!link || !isDirty || event.ctrlKey || event.metaKey) return;
    if (window.confirm(text('form.leave'))) isDirty = false;
    else {
      event.preventDefault();
      event.stopPropagation();
    }
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
  const area = byId('ivr-scroll');
  const outline = document.querySelector('.ivr-out');
  kept = { left: area?.scrollLeft, top: area?.scrollTop, outline: outline?.scrollTop };
});
document.body.addEventListener('htmx:afterSettle', () => {
  const editor = byId('ivr-editor');
  ready();
  const area = byId('ivr-scroll');
  const outline = document.querySelector('.ivr-out');
  if (kept && area) {
    area.scrollLeft = kept.left ?? 0;
    area.scrollTop = kept.top ?? 0;
  }
  if (kept && outline) outline.scrollTop = kept.outline ?? 0;
  showChosen();
  const title = editor?.dataset.title;
  if (title) {
    document.querySelector('h1').textContent = title;
    document.title = `${title} · Cordboard`;
  }
  const alarm = editor?.querySelector('[data-focus]');
  if (alarm) alarm.focus();
  else if (document.activeElement === document.body)
    byId('o-entry')?.focus({ preventScroll: true });
  const chosen = editor?.querySelector('.ivr-insp h2')?.textContent;
  if (chosen) announce(chosen);
  if (window.matchMedia('(max-width: 991px)').matches) byId('inspector')?.scrollIntoView();
});

ready();
centreStart();
showChosen();
