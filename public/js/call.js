// One call's page while something is still going on: parts are read again when the call moves on or ends, and while its
// recording is on its way. Nothing moves while somebody works in the part.
import { onTopic } from './live.js';
import { findPlayers } from './player.js';

/** The ledger is written a moment after things happen. */
const LEDGER_MS = 1_200;
const LOOK_AGAIN_MS = 3_000;
/** A recording that is not there after this long has a problem that its card will name. */
const GIVE_UP_MS = 180_000;

const page = document.querySelector('[data-call]');
const key = `call:${page.dataset.call}`;
const openedAt = Date.now();
let last;
let timer;

const isBusy = (part) =>
  (part.contains(document.activeElement) && document.activeElement !== document.body) ||
  part.querySelector('details[open]') !== null ||
  [...part.querySelectorAll('audio')].some((audio) => !audio.paused);

async function refresh() {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok) return;
  const fresh = new DOMParser().parseFromString(await response.text(), 'text/html');
  for (const part of document.querySelectorAll('[data-refresh]')) {
    const next = fresh.querySelector(`[data-refresh="${part.dataset.refresh}"]`);
    if (!next || isBusy(part) || part.innerHTML === next.innerHTML) continue;
    // A player that stands ready is not taken away for the same player again.
    if (part.querySelector('[data-player]') && next.querySelector('[data-player]')) continue;
    // Live cells go on by themselves until the call is over.
    if (part.querySelector('[data-live]') && next.querySelector('[data-live]')) continue;
    part.replaceChildren(...next.childNodes);
  }
  const state = fresh.querySelector('[data-call]');
  page.toggleAttribute('data-call-open', state?.hasAttribute('data-call-open') ?? false);
  page.toggleAttribute(
    'data-recording-waiting',
    state?.hasAttribute('data-recording-waiting') ?? false,
  );
  findPlayers();
}

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(async () => {
    await refresh();
    if (isUnsettled() && Date.now() - openedAt < GIVE_UP_MS) later(LOOK_AGAIN_MS);
  }, ms);
}

/** The call is over but the page does not know it yet, or its recording is on its way. */
const isUnsettled = () =>
  page.hasAttribute('data-recording-waiting') ||
  (page.hasAttribute('data-call-open') && last === undefined);

onTopic('calls', (values) => {
  const now =
    values[`${key}.since`] === undefined
      ? undefined
      : `${values[`${key}.stage`]} ${values[`${key}.since`]}`;
  if (now !== last && (last !== undefined || page.hasAttribute('data-call-open'))) later(LEDGER_MS);
  last = now;
});
if (page.hasAttribute('data-recording-waiting')) later(LOOK_AGAIN_MS);
