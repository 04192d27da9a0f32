// Whom to transfer to or consult, in the call card: a search whose list the server makes. The list's buttons are commands
// like any other; workspace.js gives them and shows what was refused.
import { onTopic } from './live.js';

const panel = document.getElementById('ws-target');
const opener = document.getElementById('ws-target-open');
const query = document.getElementById('ws-target-query');
const problem = document.getElementById('ws-target-problem');

/** The list is asked for when typing pauses, and again while it is open: states of people change. */
const TYPING_MS = 150;
const REFRESH_MS = 3_000;
const ANSWER_MS = 5_000;

let asked = 0;
let timer;

function open() {
  panel.hidden = false;
  opener.setAttribute('aria-expanded', 'true');
  query.value = '';
  query.focus();
  fetchList();
}

function close() {
  if (panel.hidden) return;
  const hadFocus = panel.contains(document.activeElement);
  panel.hidden = true;
  opener.setAttribute('aria-expanded', 'false');
  clearTimeout(timer);
  asked++;
  if (hadFocus) (opener.checkVisibility() ? opener : document.getElementById('ws-call')).focus();
}

async function fetchList() {
  clearTimeout(timer);
  const mine = ++asked;
  try {
    const answer = await fetch(`/workspace/targets?${new URLSearchParams({ q: query.value })}`, {
      headers: { 'HX-Request': 'true' },
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (answer.status === 401) location.reload();
    if (!answer.ok) throw new Error(String(answer.status));
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (mine !== asked) return;
    problem.hidden = true;
    replaceList(drawn.getElementById('ws-targets'));
  } catch {
    if (mine !== asked) return;
    problem.querySelector('span').textContent = panel.dataset.textFailed;
    problem.hidden = false;
  }
  timer = setTimeout(fetchList, REFRESH_MS);
}

/** Keeps the focus on the same button of the same line; a command under way keeps its list. */
function replaceList(next) {
  const old = document.getElementById('ws-targets');
  if (old.outerHTML === next.outerHTML || old.querySelector('[aria-disabled]')) return;
  const button = document.activeElement?.closest('#ws-targets button');
  const label = button?.getAttribute('aria-label') ?? button?.textContent;
  const top = old.scrollTop;
  old.replaceWith(next);
  next.scrollTop = top;
  if (!button) return;
  const same = [...next.querySelectorAll('button')].find(
    (one) => (one.getAttribute('aria-label') ?? one.textContent) === label,
  );
  (same ?? query).focus();
}

/** The first line of the list: asked, or, with Ctrl, sent to at once. */
async function takeFirst(isBlind) {
  await fetchList();
  const forms = [...document.querySelectorAll('#ws-targets form')];
  const first = forms[0]?.closest('li');
  if (isBlind && panel.hasAttribute('data-asks-only')) return;
  const ofFirst = forms.filter((form) => form.closest('li') === first);
  const form = ofFirst.find(
    ({ dataset }) => dataset.command === (isBlind ? 'transfer' : 'consult'),
  );
  const button = (form ?? ofFirst[0])?.querySelector('button');
  // A line that cannot be asked is not sent to by mistake: its button is only chosen.
  if (form && !button.disabled) form.requestSubmit(button);
  else button?.focus();
}

opener.addEventListener('click', () => (panel.hidden ? open() : close()));
document.getElementById('ws-target-close').addEventListener('click', close);
document.addEventListener('targets-wanted', open);
query.addEventListener('input', () => {
  clearTimeout(timer);
  timer = setTimeout(fetchList, TYPING_MS);
});
panel.addEventListener('keydown', (event) => {
  if (event.isComposing) return;
  if (event.key === 'Escape') {
    close();
    event.stopPropagation();
  } else if (event.key === 'Enter' && event.target === query) {
    event.preventDefault();
    takeFirst(event.ctrlKey || event.metaKey);
  } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
    const stops = [query, ...document.querySelectorAll('#ws-targets button')];
    const at = stops.indexOf(document.activeElement);
    stops[(at + (event.key === 'ArrowDown' ? 1 : -1) + stops.length) % stops.length]?.focus();
    event.preventDefault();
  }
});

// What it was opened for is done, or not possible any more.
onTopic('agent:me', (now) => {
  if (!now.canConsult) close();
  // Out of a conference nobody is sent on: others can only be asked in.
  panel.toggleAttribute('data-asks-only', !now.mayTransfer);
});
