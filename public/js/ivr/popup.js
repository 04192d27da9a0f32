// A small menu at a point of the drawing, for the pointer and the keyboard alike.
import { icon } from '../shell.js';

let open;

export function closePopup() {
  open?.remove();
  open = undefined;
}

const entriesOf = (menu) => [...menu.querySelectorAll('button')];

function moveFocus(menu, step) {
  const entries = entriesOf(menu);
  const next = entries.indexOf(document.activeElement) + step;
  entries[(next + entries.length) % entries.length]?.focus();
}

function onKey(event, menu, back) {
  if (event.key === 'ArrowDown') moveFocus(menu, 1);
  else if (event.key === 'ArrowUp') moveFocus(menu, -1);
  else if (event.key === 'Escape' || event.key === 'Tab') {
    closePopup();
    back.focus({ preventScroll: true });
  } else return;
  event.preventDefault();
  event.stopPropagation();
}

function entry({ label, icon: name, heading, run }) {
  if (heading) {
    const title = document.createElement('p');
    title.className = 'cb-menu-head';
    title.textContent = heading;
    return title;
  }
  const button = document.createElement('button');
  button.type = 'button';
  button.setAttribute('role', 'menuitem');
  if (name) button.append(icon(name));
  button.append(label);
  button.addEventListener('click', () => {
    closePopup();
    run();
  });
  return button;
}

/** Opens it at a point of the screen. `items` are `{ label, icon, run }` or `{ heading }`. */
export function popup(host, { clientX, clientY }, title, items) {
  closePopup();
  const area = host.getBoundingClientRect();
  const menu = document.createElement('div');
  menu.className = 'ivr-popup cb-menu-list';
  menu.setAttribute('role', 'menu');
  menu.setAttribute('aria-label', title);
  menu.append(...items.map(entry));
  menu.addEventListener('keydown', (event) => onKey(event, menu, host));
  host.append(menu);
  open = menu;
  const fits = (value, size, room) => Math.max(4, Math.min(value, room - size - 4));
  menu.style.left = `${fits(clientX - area.left, menu.offsetWidth, area.width)}px`;
  menu.style.top = `${fits(clientY - area.top, menu.offsetHeight, area.height)}px`;
  entriesOf(menu)[0]?.focus({ preventScroll: true });
}

document.addEventListener('pointerdown', (event) => {
  if (open && !open.contains(event.target)) closePopup();
});
