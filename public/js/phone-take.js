// Recording a prompt by phone: tells how far it is, and shows the new sound when it is kept.
const status = document.querySelector('[data-take]');
const EVERY_MS = 1000;

async function look() {
  const answer = await fetch(status.dataset.take, { headers: { accept: 'application/json' } });
  if (!answer.ok) return;
  const { text, isOver, isKept } = await answer.json();
  const words = status.querySelector('span');
  if (words.textContent !== text) words.textContent = text;
  if (isKept) window.location.replace(`${window.location.pathname}#versions`);
  else if (!isOver) setTimeout(look, EVERY_MS);
}

if (status) look();
