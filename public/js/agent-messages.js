// "Seen" below a message: sent without leaving the page; the live values take the message away.
document.addEventListener('submit', async (event) => {
  const form = event.target;
  if (!form.matches('[data-message-seen]')) return;
  event.preventDefault();
  const button = form.querySelector('button');
  button.disabled = true;
  try {
    const answer = await fetch(form.action, {
      method: 'POST',
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok) button.disabled = false;
  } catch {
    // The live indicator says that the server is away: the button can be pressed again.
    button.disabled = false;
  }
});
