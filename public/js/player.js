// Recordings with a waveform. Without this script the page has a plain <audio controls>.
// Keys on the waveform: Space, ← → 5 s, Home, End, `,` `.` from mark to mark, 1 to 4 speed.
import { formatDuration } from './live.js';

const RATES = [1, 1.25, 1.5, 2];
const STEP_S = 5;
const JUMP_S = 10;
const GAP = 1;

const color = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

class Player {
  constructor(root) {
    this.root = root;
    this.audio = root.querySelector('audio');
    this.canvas = root.querySelector('canvas');
    this.durationMs = Number(root.dataset.durationMs);
    this.offsetMs = Number(root.dataset.offsetMs);
    this.holds = JSON.parse(root.dataset.holds);
    this.lanes = Number(root.dataset.lanes);
    this.peaks = [];
    this.wanted = undefined;
    this.listen();
    root.querySelector('[data-ui]').hidden = false;
    this.audio.removeAttribute('controls');
    this.audio.hidden = true;
    this.show();
    void this.load();
  }

  /** Where the sound is, also before the browser has begun to load it. */
  get seconds() {
    return this.wanted ?? this.audio.currentTime;
  }

  async load() {
    const response = await fetch(this.root.dataset.peaks, {
      headers: { accept: 'application/json' },
    });
    if (!response.ok) return;
    this.peaks = (await response.json())[this.root.dataset.recording] ?? [];
    this.draw();
  }

  listen() {
    const { audio, canvas, root } = this;
    for (const name of ['play', 'pause', 'ended', 'timeupdate', 'seeked'])
      audio.addEventListener(name, () => this.show());
    audio.addEventListener('loadedmetadata', () => {
      if (this.wanted !== undefined) audio.currentTime = this.wanted;
      this.wanted = undefined;
      this.show();
    });
    audio.addEventListener('error', () => this.fail());
    root.querySelector('[data-do="play"]').addEventListener('click', () => this.toggle());
    root
      .querySelector('[data-do="back"]')
      .addEventListener('click', () => this.seek(this.seconds - JUMP_S));
    root
      .querySelector('[data-do="forward"]')
      .addEventListener('click', () => this.seek(this.seconds + JUMP_S));
    for (const button of root.querySelectorAll('[data-rate]'))
      button.addEventListener('click', () => this.setRate(Number(button.dataset.rate)));
    for (const button of root.querySelectorAll('[data-side]'))
      button.addEventListener('click', () => this.toggleSide(button));
    canvas.addEventListener('pointerdown', (event) => this.drag(event));
    canvas.addEventListener('pointermove', (event) => {
      if (canvas.hasPointerCapture(event.pointerId)) this.drag(event);
    });
    canvas.addEventListener('keydown', (event) => this.key(event));
    new ResizeObserver(() => this.draw()).observe(canvas);
    new MutationObserver(() => this.draw()).observe(document.documentElement, {
      attributeFilter: ['data-bs-theme'],
    });
  }

  drag(event) {
    this.canvas.setPointerCapture(event.pointerId);
    const box = this.canvas.getBoundingClientRect();
    this.seek(((event.clientX - box.left) / box.width) * (this.durationMs / 1000));
  }

  key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const actions = {
      ' ': () => this.toggle(),
      ArrowLeft: () => this.seek(this.seconds - STEP_S),
      ArrowRight: () => this.seek(this.seconds + STEP_S),
      ArrowDown: () => this.seek(this.seconds - STEP_S),
      ArrowUp: () => this.seek(this.seconds + STEP_S),
      Home: () => this.seek(0),
      End: () => this.seek(this.durationMs / 1000),
      ',': () => this.toMark(-1),
      '.': () => this.toMark(1),
    };
    const rate = RATES[Number(event.key) - 1];
    const act = actions[event.key] ?? (rate && (() => this.setRate(rate)));
    if (!act) return;
    event.preventDefault();
    act();
  }

  toMark(direction) {
    const marks = [0, ...this.holds.flat(), ...this.remarks(), this.durationMs]
      .map((ms) => ms / 1000)
      .sort((a, b) => a - b);
    const next =
      direction > 0
        ? marks.find((at) => at > this.seconds + 0.5)
        : marks.findLast((at) => at < this.seconds - 0.5);
    if (next !== undefined) this.seek(next);
  }

  /** Moments that somebody has said something about, in ms of the sound. */
  remarks() {
    const marks = this.root.parentElement.querySelectorAll('.rec-remarks [data-seek-ms]');
    return [...marks].map((mark) => Number(mark.dataset.seekMs) - this.offsetMs);
  }

  toggle() {
    if (this.audio.paused) this.play();
    else this.audio.pause();
  }

  play() {
    this.audio.play().catch((error) => {
      // Paused again before it began.
      if (error.name !== 'AbortError') this.fail();
    });
  }

  seek(seconds) {
    const at = Math.min(Math.max(0, seconds), this.durationMs / 1000);
    if (this.audio.readyState > 0) this.audio.currentTime = at;
    else this.wanted = at;
    this.show();
  }

  /** Plays from a moment of the call. */
  playFromCall(ms) {
    this.seek((ms - this.offsetMs) / 1000);
    this.play();
  }

  setRate(rate) {
    this.audio.playbackRate = rate;
    for (const button of this.root.querySelectorAll('[data-rate]'))
      press(button, Number(button.dataset.rate) === rate);
  }

  /** Each side has its own volume; the last one that is heard cannot be switched off. */
  toggleSide(button) {
    const buttons = [...this.root.querySelectorAll('[data-side]')];
    const isOn = button.getAttribute('aria-pressed') === 'true';
    if (isOn && buttons.filter((one) => one.getAttribute('aria-pressed') === 'true').length === 1)
      return;
    this.gains ??= this.splitSides();
    press(button, !isOn);
    this.gains[Number(button.dataset.side)].gain.value = isOn ? 0 : 1;
  }

  splitSides() {
    const context = new AudioContext();
    const splitter = context.createChannelSplitter(2);
    const merger = context.createChannelMerger(2);
    context.createMediaElementSource(this.audio).connect(splitter);
    const gains = [0, 1].map((side) => {
      const gain = context.createGain();
      splitter.connect(gain, side);
      gain.connect(merger, 0, side);
      return gain;
    });
    merger.connect(context.destination);
    void context.resume();
    return gains;
  }

  fail() {
    const problem = this.root.querySelector('[data-problem]');
    problem.textContent = this.root.dataset.textProblem;
    problem.hidden = false;
  }

  show() {
    const { root, canvas, audio } = this;
    const time = formatDuration(this.seconds * 1000);
    const isPlaying = !audio.paused && !audio.ended;
    root.querySelector('[data-time]').textContent = time;
    root.querySelector('[data-icon="play"]').hidden = isPlaying;
    root.querySelector('[data-icon="pause"]').hidden = !isPlaying;
    root
      .querySelector('[data-do="play"]')
      .setAttribute('aria-label', isPlaying ? root.dataset.textPause : root.dataset.textPlay);
    canvas.setAttribute('aria-valuenow', String(Math.floor(this.seconds)));
    const words = root.dataset.textPosition
      .replace('@time', time)
      .replace('@total', formatDuration(this.durationMs));
    canvas.setAttribute('aria-valuetext', words);
    this.draw();
    movePlayLine(this);
    if (isPlaying) requestAnimationFrame(() => this.draw());
  }

  draw() {
    const { canvas } = this;
    const { clientWidth: width, clientHeight: height } = canvas;
    if (width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    if (canvas.width !== Math.round(width * ratio)) canvas.width = Math.round(width * ratio);
    if (canvas.height !== Math.round(height * ratio)) canvas.height = Math.round(height * ratio);
    const pen = canvas.getContext('2d');
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, width, height);
    pen.fillStyle = color('--cb-sunken');
    pen.fillRect(0, 0, width, height);
    this.drawHolds(pen, width, height);
    this.drawWaves(pen, width, height);
    pen.fillStyle = color('--cb-wrapup');
    for (const ms of this.remarks())
      pen.fillRect(Math.round((ms * width) / this.durationMs) - 1, 0, 3, 8);
    if (this.lanes > 1) {
      pen.fillStyle = color('--tblr-border-color');
      pen.fillRect(0, Math.round(height / 2), width, 1);
    }
    const x = Math.round((this.seconds * 1000 * width) / this.durationMs);
    pen.fillStyle = color('--cb-alarm');
    pen.fillRect(Math.min(x, width - 2), 0, 2, height);
  }

  drawHolds(pen, width, height) {
    for (const [from, to] of this.holds) {
      const left = (from * width) / this.durationMs;
      const span = ((to - from) * width) / this.durationMs;
      pen.fillStyle = color('--cb-hold-bg');
      pen.fillRect(left, 0, span, height);
      pen.fillStyle = color('--cb-hold-fg');
      pen.font = `500 11px ${color('--tblr-font-sans-serif') || 'sans-serif'}`;
      const words = `${this.root.dataset.textHold} ${formatDuration(to - from)}`;
      if (pen.measureText(words).width + 8 < span) {
        pen.textAlign = 'center';
        pen.fillText(words, left + span / 2, height / 2 - 4);
      }
    }
  }

  drawWaves(pen, width, height) {
    const tones = ['--cb-ringing', '--cb-talking'];
    const laneHeight = height / this.lanes;
    for (let lane = 0; lane < this.lanes; lane++) {
      const points = this.peaks[lane] ?? [];
      const middle = laneHeight * (lane + 0.5);
      pen.fillStyle = color(tones[lane] ?? tones[0]);
      const bars = Math.floor(width / (2 + GAP));
      for (let bar = 0; bar < bars && points.length > 0; bar++) {
        const from = Math.floor((bar * points.length) / bars);
        const to = Math.max(from + 1, Math.floor(((bar + 1) * points.length) / bars));
        // The square root makes quiet speech visible beside loud one.
        const level = Math.sqrt(Math.max(...points.slice(from, to)) / 100);
        const tall = Math.max(1, level * (laneHeight - 10));
        pen.fillRect(bar * (2 + GAP), middle - tall / 2, 2, tall);
      }
    }
  }
}

function press(button, isOn) {
  button.setAttribute('aria-pressed', String(isOn));
  button.classList.toggle('on', isOn);
}

/** The line in the drawing of the call moves with the sound. */
function movePlayLine(player) {
  const drawing = document.querySelector('svg.lanes');
  const line = drawing?.querySelector('.ply');
  if (!line) return;
  const x =
    Number(drawing.dataset.origin) +
    (player.seconds * 1000 + player.offsetMs) * Number(drawing.dataset.scale);
  line.setAttribute('x1', String(x));
  line.setAttribute('x2', String(x));
  line.setAttribute('visibility', player.seconds > 0 ? 'visible' : 'hidden');
}

const players = new Map();

/** Makes players of what the page has; runs again after parts of the page were replaced. */
export function findPlayers() {
  for (const [root] of players) if (!root.isConnected) players.delete(root);
  for (const root of document.querySelectorAll('[data-player]'))
    if (!players.has(root)) players.set(root, new Player(root));
  const [player] = players.values();
  for (const cell of document.querySelectorAll('span[data-seek-ms]')) {
    if (!player) continue;
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'seek';
    button.dataset.seekMs = cell.dataset.seekMs;
    button.textContent = cell.textContent;
    cell.replaceWith(button);
  }
}

// A remark is about the moment that is heard when somebody begins to write it.
document.addEventListener('focusin', (event) => {
  const form = event.target.closest('form[data-remark]');
  if (!form || event.target.name !== 'text' || event.target.value !== '') return;
  const player = [...players.values()].find(
    (one) => one.root.dataset.recording === form.dataset.remark,
  );
  if (player) form.elements.at.value = formatDuration(player.seconds * 1000);
});

document.addEventListener('click', (event) => {
  const target = event.target.closest('[data-seek-ms]');
  const [player] = players.values();
  if (target && player) player.playFromCall(Number(target.dataset.seekMs));
});

findPlayers();
