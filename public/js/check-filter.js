// A search box and a count above long lists of checkboxes. Without it the whole list is there to scroll.
for (const list of document.querySelectorAll('[data-check-filter]')) {
  const boxes = [...list.querySelectorAll('label')];
  const count = list.querySelector('[data-check-count]');
  const search = list.querySelector('input[type="search"]');
  const none = list.querySelector('[data-check-none]');
  const template = count.dataset.checkCount;

  const update = () => {
    const chosen = boxes.filter((box) => box.querySelector('input').checked).length;
    count.textContent = template.replace('{chosen}', chosen).replace('{total}', boxes.length);
  };
  const filter = () => {
    const wanted = search.value.trim().toLowerCase();
    let shown = 0;
    for (const box of boxes) {
      box.hidden = wanted !== '' && !box.textContent.toLowerCase().includes(wanted);
      if (!box.hidden) shown += 1;
    }
    none.hidden = shown > 0;
  };
  search.parentElement.hidden = boxes.length < 10;
  search.addEventListener('input', filter);
  search.addEventListener('keydown', (event) => {
    // Enter would send the form.
    if (event.key === 'Enter') event.preventDefault();
  });
  list.addEventListener('change', update);
  list.addEventListener('input', update);
  update();
}
