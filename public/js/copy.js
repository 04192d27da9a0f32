// Buttons that copy a text: data-copy="id of the element that holds it".
import { announce } from './shell.js';

for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.addEventListener('click', async () => {
    const source = document.getElementById(button.dataset.copy);
    const value = source.textContent.trim();
    try {
      await navigator.clipboard.writeText(value);
    } catch {
      // No clipboard without https or permission: the text is selected, Ctrl C does the rest.
      getSelection().selectAllChildren(source);
      return;
    }
    const label = button.querySelector('span');
    const before = label.textContent;
    label.textContent = button.dataset.copied;
    announce(button.dataset.copied);
    setTimeout(() => {
      label.textContent = before;
    }, 2_000);
  });
}
