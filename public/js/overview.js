// Fetches the drawing of the day again when its figures changed.
import { onTopic } from './live.js';

let last;
onTopic('overview', (values) => {
  const revision = values['today.revision'];
  if (revision === null || revision === last) return;
  const isFirst = last === undefined;
  last = revision;
  if (!isFirst) draw();
});

async function draw() {
  const part = document.getElementById('today');
  const isOpen = part.querySelector('details')?.open ?? false;
  try {
    const answer = await fetch('/live/today', { headers: { 'HX-Request': 'true' } });
    if (!answer.ok || part.contains(document.activeElement)) return;
    const drawn = new DOMParser().parseFromString(await answer.text(), 'text/html');
    part.replaceChildren(...drawn.body.childNodes);
    const table = part.querySelector('details');
    if (table) table.open = isOpen;
  } catch {
    // The live indicator says that the server is away; the next change draws again.
  }
}
