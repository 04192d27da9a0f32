// The members' order: buttons and typed places move rows at once, and rows come and go with the checkboxes. Without it
// typed places count when the form is saved.
const box = document.querySelector('[data-member-order]');
if (box) watchOrder(box);

function watchOrder(box) {
  const list = box.querySelector('ol');
  const blank = box.querySelector('template').content.firstElementChild;
  const said = box.querySelector('[data-order-said]');
  const members = document.getElementById('f-members');
  const placeOf = (row) => row.querySelector('input');

  const renumber = () => {
    [...list.children].forEach((row, at) => {
      placeOf(row).value = String(at + 1);
      row.querySelector('[data-move="-1"]').disabled = at === 0;
      row.querySelector('[data-move="1"]').disabled = at === list.children.length - 1;
    });
    list.dispatchEvent(new Event('input', { bubbles: true }));
  };
  const move = (row, to) => {
    const rows = [...list.children].filter((one) => one !== row);
    const at = Math.min(Math.max(to, 0), rows.length);
    list.insertBefore(row, rows[at] ?? null);
    renumber();
    said.textContent = said.dataset.text
      .replace('{name}', row.querySelector('.q-name').textContent)
      .replace('{place}', String(at + 1));
  };
  const add = (checkbox) => {
    const row = blank.cloneNode(true);
    const [name, number] = checkbox.parentElement.querySelectorAll('span');
    row.dataset.agent = checkbox.value;
    row.querySelector('.q-name').textContent = name.textContent;
    row.querySelector('.muted').textContent = number?.textContent ?? '';
    placeOf(row).name = `place.${checkbox.value}`;
    placeOf(row).id = `f-place.${checkbox.value}`;
    for (const control of row.querySelectorAll('[data-label]'))
      control.setAttribute('aria-label', control.dataset.label.replace('{name}', name.textContent));
    row.querySelector('.q-moves').hidden = false;
    list.append(row);
  };

  list.addEventListener('click', (event) => {
    const button = event.target.closest('[data-move]');
    if (!button) return;
    const row = button.closest('li');
    move(row, [...list.children].indexOf(row) + Number(button.dataset.move));
    if (button.disabled) row.querySelector('[data-move]:not([disabled])')?.focus();
    else button.focus();
  });
  list.addEventListener('change', (event) => {
    const place = Number(event.target.value);
    if (Number.isInteger(place) && place > 0) move(event.target.closest('li'), place - 1);
  });
  list.addEventListener('keydown', (event) => {
    // Enter moves the row; it would save the form.
    if (event.key !== 'Enter' || !event.target.matches('input')) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event('change', { bubbles: true }));
  });
  members?.addEventListener('change', (event) => {
    if (event.target.name !== 'members') return;
    const row = [...list.children].find((one) => one.dataset.agent === event.target.value);
    if (event.target.checked && !row) add(event.target);
    if (!event.target.checked) row?.remove();
    renumber();
  });
  for (const row of list.children) row.querySelector('.q-moves').hidden = false;
  renumber();
}
