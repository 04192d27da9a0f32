// One agent's day: what the ledger tells is fetched again when something changed, and clocks of what goes on tick.
import { formatDuration, onTopic, serverNow } from './live.js';

const day = document.getElementById('agent-day');
const why = document.getElementById('day-why');
const { topic } = day.closest('[data-topic]').dataset;
/** The ledger has a change a moment after the live picture. */
const LEDGER_MS = 2_500;
const FETCH_MS = 8_000;

let rev;
let later;

if ('today' in day.dataset)
  onTopic(topic, (values) => {
    if (values.rev === rev) return;
    const isFirst = rev === undefined;
    rev = values.rev;
    if (!isFirst) draw(day, location.href);
    draw(why, why.dataset.href);
    clearTimeout(later);
    later = setTimeout(() => draw(day, location.href), LEDGER_MS);
  });

/** Puts a part of a page in place of what stands there, unless somebody is at work in it. */
async function draw(part, href) {
  try {
    const answer = await fetch(href, {
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(FETCH_MS),
    });
    if (!answer.ok || part.contains(document.activeElement)) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const open = [...part.querySelectorAll('details')].map((one) => one.open);
    part.replaceChildren(...drawn.body.childNodes);
    part.querySelectorAll('details').forEach((one, at) => {
      one.open = open[at] ?? false;
    });
    tick();
  } catch {
    // The live indicator says that the server is away; the next change draws again.
  }
}

function tick() {
  if (document.hidden || document.body.classList.contains('is-stale')) return;
  for (const clock of day.querySelectorAll('[data-since]')) {
    const text = formatDuration(serverNow() - Number(clock.dataset.since));
    if (clock.textContent !== text) clock.textContent = text;
  }
}
setInterval(tick, 1_000);
