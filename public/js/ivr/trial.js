// Follows a test call in the drawing, while its panel is there.
import { onTopic } from '../live.js';
import { followCall } from './board.js';

const panel = document.getElementById('ivr-trial');

/** The address keeps the call while parts of the editor change. */
function keepInAddress() {
  const address = new URL(window.location.href);
  if (panel.isConnected) address.searchParams.set('trial', panel.dataset.trial);
  else address.searchParams.delete('trial');
  window.history.replaceState(window.history.state, '', address);
}

if (panel) {
  const lines = panel.querySelector('.ivr-trial-lines');
  onTopic(panel.dataset.topic, ({ way = '', at }) => {
    if (!panel.isConnected) return;
    followCall({ way: way.split(' ').filter(Boolean), at });
    lines.scrollTop = lines.scrollHeight;
  });
  document.body.addEventListener('htmx:pushedIntoHistory', keepInAddress);
  panel.querySelector('[data-trial-close]').addEventListener('click', () => {
    panel.remove();
    followCall(undefined);
    keepInAddress();
    document.getElementById('ivr-paper')?.focus({ preventScroll: true });
  });
}
