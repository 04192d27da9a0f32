// The list of alarms draws itself again when one begins, ends or is taken in hand.
import { onTopic } from './live.js';

let last;
onTopic('alarms', (values) => {
  const revision = values['alarms.revision'];
  const isFirst = last === undefined;
  const isSame = revision === last;
  last = revision;
  if (!isFirst && !isSame) draw();
});

async function draw() {
  const part = document.getElementById('table');
  if (part.contains(document.activeElement)) return;
  try {
    const answer = await fetch(location.href, { headers: { 'HX-Request': 'true' } });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    const drawn = page.getElementById('table');
    if (drawn !== null) part.replaceWith(drawn);
  } catch {
    // The live indicator says that the server is away; the next change draws again.
  }
}
