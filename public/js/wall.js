// A board on a wall: its clock, lists that are longer than their place, and what keeps a screen alive for months.
import { onTopic, serverNow } from './live.js';
import { texts } from './shell.js';

/** How long one page of a list stays. */
const PAGE_MS = 12_000;
/** The picture moves a little against marks that stay on the glass. */
const SHIFT_MS = 600_000;

const wall = document.getElementById('main');
const topic = wall.dataset.topic;

const format = (options) =>
  new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: texts.zone, ...options });
const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
const date = format({ weekday: 'long', day: 'numeric', month: 'long' });

function showClock() {
  for (const clock of wall.querySelectorAll('[data-clock]'))
    clock.textContent = time.format(serverNow());
  for (const day of wall.querySelectorAll('[data-date]'))
    day.textContent = date.format(serverNow());
}

/** How many rows of a list fit into its place. */
function capacity(list, row) {
  const style = getComputedStyle(list);
  const gap = parseFloat(style.rowGap) || 0;
  const columns = style.display === 'grid' ? style.gridTemplateColumns.split(' ').length : 1;
  const lines = Math.floor((list.clientHeight + gap + 1) / (row.offsetHeight + gap));
  return Math.max(1, lines * columns);
}

/** Shows one page of each list; the next one after a while. */
const pages = new WeakMap();
function paginate(isNext) {
  for (const list of wall.querySelectorAll('[data-paged]')) {
    const rows = [...list.querySelectorAll(':scope > [data-row]')];
    const note = list.parentElement.querySelector('.wpage-note');
    const visible = rows.find((row) => row.offsetHeight > 0) ?? rows[0];
    if (visible === undefined) {
      note.hidden = true;
      continue;
    }
    visible.classList.remove('off-page');
    // The line that says which page it is needs room, too.
    note.hidden = true;
    let fits = capacity(list, visible);
    if (fits < rows.length) {
      note.hidden = false;
      fits = capacity(list, visible);
    }
    const count = Math.max(1, Math.ceil(rows.length / fits));
    const page = ((pages.get(list) ?? 0) + (isNext ? 1 : 0)) % count;
    pages.set(list, page);
    const from = page * fits;
    for (const [at, row] of rows.entries())
      row.classList.toggle('off-page', at < from || at >= from + fits);
    note.textContent = wall.dataset.textPage
      .replace('{from}', from + 1)
      .replace('{to}', Math.min(rows.length, from + fits))
      .replace('{of}', rows.length);
  }
}

let version;
onTopic(topic, (values) => {
  const now = values['board.version'];
  // The board or the program is another one: the page is made anew.
  if (version !== undefined && now !== undefined && now !== version) location.reload();
  version ??= now;
  paginate(false);
});

setInterval(showClock, 1_000);
setInterval(() => paginate(true), PAGE_MS);
setInterval(() => wall.classList.toggle('is-shifted'), SHIFT_MS);
addEventListener('resize', () => paginate(false));
showClock();

/** The screen stays on, where the browser allows it. */
async function stayAwake() {
  try {
    await navigator.wakeLock?.request('screen');
  } catch {
    // The screen's own settings decide.
  }
}
document.addEventListener('visibilitychange', () => {
  if (!document.hidden) stayAwake();
});
stayAwake();
