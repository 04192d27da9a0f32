// The skills matrix as a grid: arrows move, digits type, Delete clears, Shift and arrows choose a range, Ctrl C and Ctrl V
// copy and paste cells, also from and to spreadsheets. Without it the matrix is a plain form.
import { announce } from './shell.js';

const LEVEL_MAX = 100;
const isLevel = (text) => text === '' || (/^\d{1,3}$/.test(text) && Number(text) <= LEVEL_MAX);
const clamp = (value, max) => Math.min(Math.max(value, 0), max);

class Grid {
  constructor(form) {
    this.form = form;
    this.table = form.querySelector('table');
    this.cells = [...this.table.tBodies[0].rows].map((row) => [
      ...row.querySelectorAll('td > input'),
    ]);
    this.places = new Map();
    this.cells.forEach((row, r) => row.forEach((cell, c) => this.places.set(cell, { r, c })));
    this.focus = { r: 0, c: 0 };
    this.anchor = this.focus;
    this.isSending = false;
    this.prepare();
    this.listen();
  }

  get lastRow() {
    return this.cells.length - 1;
  }
  get lastColumn() {
    return this.cells[0].length - 1;
  }

  prepare() {
    this.table.setAttribute('role', 'grid');
    this.table.setAttribute('aria-multiselectable', 'true');
    this.form.querySelector('[data-mx-keys]').hidden = false;
    // The cells themselves bring what is out of sight into it.
    this.table.parentElement.removeAttribute('tabindex');
    for (const cell of this.places.keys()) {
      cell.tabIndex = -1;
      this.mark(cell);
    }
    this.cells[0][0].tabIndex = 0;
  }

  listen() {
    const body = this.table.tBodies[0];
    body.addEventListener('focusin', (event) => this.focused(event.target));
    body.addEventListener('keydown', (event) => this.key(event));
    body.addEventListener('mousedown', (event) => this.extendByMouse(event));
    body.addEventListener('beforeinput', (event) => {
      if (event.data && !/^\d+$/.test(event.data)) event.preventDefault();
    });
    this.form.addEventListener('input', (event) => this.mark(event.target));
    // An empty field has nothing to copy by itself; this asks the browser to let us.
    document.addEventListener('beforecopy', (event) => {
      if (this.range().length > 1 && this.places.has(document.activeElement))
        event.preventDefault();
    });
    body.addEventListener('copy', (event) => this.copy(event));
    body.addEventListener('cut', (event) => {
      this.copy(event);
      if (event.defaultPrevented) this.fill(this.range(), '');
    });
    body.addEventListener('paste', (event) => this.paste(event));
    this.form.querySelector('[data-savebar] a')?.addEventListener('click', (event) => {
      this.discard(event);
    });
    this.form.addEventListener('submit', () => {
      this.isSending = true;
    });
    // Only what changed is sent: what others change meanwhile in other cells stays.
    this.form.addEventListener('formdata', (event) => {
      if (!this.isSending) return;
      for (const cell of this.places.keys())
        if (cell.value === this.stored(cell)) event.formData.delete(cell.name);
    });
  }

  stored(cell) {
    return cell.dataset.stored ?? cell.defaultValue;
  }

  mark(cell) {
    if (!this.places.has(cell)) return;
    cell.parentElement.dataset.step = String(Math.ceil(clamp(Number(cell.value), LEVEL_MAX) / 20));
    cell.parentElement.classList.toggle('dirty', cell.value !== this.stored(cell));
  }

  focused(target) {
    const place = this.places.get(target);
    if (!place) return;
    this.cells[this.focus.r][this.focus.c].tabIndex = -1;
    target.tabIndex = 0;
    this.focus = place;
    if (!this.isExtending) this.anchor = place;
    target.select();
    this.showRange();
  }

  go(r, c, isExtending = false) {
    this.isExtending = isExtending;
    this.cells[clamp(r, this.lastRow)][clamp(c, this.lastColumn)].focus();
    this.isExtending = false;
  }

  extendByMouse(event) {
    const place = this.places.get(event.target);
    if (!place || !event.shiftKey) return;
    event.preventDefault();
    this.go(place.r, place.c, true);
  }

  /** The chosen cells by rows; one where there is no range. */
  rangeRows() {
    const { focus, anchor } = this;
    const [top, bottom] = [focus.r, anchor.r].sort((a, b) => a - b);
    const [left, right] = [focus.c, anchor.c].sort((a, b) => a - b);
    return this.cells.slice(top, bottom + 1).map((row) => row.slice(left, right + 1));
  }

  range() {
    return this.rangeRows().flat();
  }

  showRange() {
    for (const cell of this.table.querySelectorAll('td[aria-selected]'))
      cell.removeAttribute('aria-selected');
    const range = this.range();
    if (range.length > 1)
      for (const cell of range) cell.parentElement.setAttribute('aria-selected', 'true');
  }

  key(event) {
    const { r, c } = this.focus;
    if (event.isComposing || event.altKey || !this.places.has(event.target)) return;
    const isFar = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowUp: [isFar ? 0 : r - 1, c],
      ArrowDown: [isFar ? this.lastRow : r + 1, c],
      ArrowLeft: [r, isFar ? 0 : c - 1],
      ArrowRight: [r, isFar ? this.lastColumn : c + 1],
      Home: [isFar ? 0 : r, 0],
      End: [isFar ? this.lastRow : r, this.lastColumn],
      PageUp: [r - 10, c],
      PageDown: [r + 10, c],
      Enter: [r + (event.shiftKey ? -1 : 1), c],
    };
    const move = moves[event.key];
    if (move) {
      event.preventDefault();
      this.go(move[0], move[1], event.shiftKey && event.key !== 'Enter');
    } else if (event.key === 'Delete') {
      event.preventDefault();
      this.fill(this.range(), '');
    }
  }

  fill(cells, value) {
    for (const cell of cells) this.set(cell, value);
    this.changed();
  }

  set(cell, value) {
    cell.value = value;
    this.mark(cell);
  }

  /** Lets the save bar count. */
  changed() {
    this.form.dispatchEvent(new Event('input', { bubbles: true }));
  }

  say(text, count) {
    announce(text.replace('{count}', count));
  }

  copy(event) {
    const rows = this.rangeRows();
    if (rows.length === 1 && rows[0].length === 1) return;
    event.preventDefault();
    const text = rows.map((row) => row.map((cell) => cell.value).join('\t')).join('\n');
    event.clipboardData.setData('text/plain', text);
    this.say(this.form.dataset.copied, rows.flat().length);
  }

  paste(event) {
    event.preventDefault();
    const lines = event.clipboardData
      .getData('text/plain')
      .replace(/\r?\n$/, '')
      .split(/\r?\n/)
      .map((line) => line.split('\t').map((value) => value.trim().normalize('NFKC')));
    const range = this.rangeRows();
    const isOne = lines.length === 1 && lines[0].length === 1;
    // One value fills the range, as in a spreadsheet.
    const values = isOne ? range.map((row) => row.map(() => lines[0][0])) : lines;
    const start = this.places.get(range[0][0]);
    let pasted = 0;
    let leftOut = 0;
    values.forEach((line, r) =>
      line.forEach((value, c) => {
        const cell = this.cells[start.r + r]?.[start.c + c];
        if (!cell) return;
        if (isLevel(value)) {
          this.set(cell, value === '0' ? '' : value);
          pasted += 1;
        } else leftOut += 1;
      }),
    );
    this.changed();
    const { dataset } = this.form;
    this.say(leftOut > 0 ? dataset.leftOut : dataset.pasted, leftOut > 0 ? leftOut : pasted);
  }

  /** Everything as it was. A page that shows what was not saved is loaded again instead. */
  discard(event) {
    const cells = [...this.places.keys()];
    if (cells.some((cell) => cell.dataset.stored !== undefined)) return;
    event.preventDefault();
    for (const cell of cells) this.set(cell, cell.defaultValue);
    this.changed();
    announce(this.form.dataset.discarded);
    this.go(this.focus.r, this.focus.c);
  }
}

for (const form of document.querySelectorAll('form[data-matrix]')) new Grid(form);
