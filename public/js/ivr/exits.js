// Where exits lead: each list offers every step of the flow. A form that comes for scripts has that list once, and each
// select only what is chosen; it gets the others as soon as somebody comes to it.

/** Gives a select all that it can lead to. */
export function fillExit(select) {
  if (select?.dataset.exits === undefined) return;
  delete select.dataset.exits;
  const { value } = select;
  select.options[1]?.remove();
  select.append(document.getElementById('exit-options').content.cloneNode(true));
  select.value = value;
  if (value !== '') select.selectedOptions[0].defaultSelected = true;
}

for (const happening of ['focusin', 'pointerdown'])
  document.addEventListener(
    happening,
    (event) => {
      if (event.target.matches('select[data-exits]')) fillExit(event.target);
    },
    true,
  );
