import type { RecordingMode } from './policy.js';

/**
 * What people have asked of the recording of a call. It belongs to the call, not to a talk: it goes with a transfer and over
 * a restart.
 *
 *   off ◀──start/stop──▶ on ──pause──▶ paused ──resume, or the limit──▶ on
 *                         ▲                └──stop──▶ off
 *   ("off" only where it is recorded on demand; where it always is, only pausing is possible)
 */
export interface RecordingControl {
  /** Somebody asked for it; counts where it is recorded on demand. */
  readonly isOn: boolean;
  /** Nothing is recorded meanwhile. `until`: it goes on by itself. Instants in ms. */
  readonly pause?: { readonly at: number; readonly until: number };
}

export const NO_CONTROL: RecordingControl = { isOn: false };

export type RecordingWish = 'start' | 'stop' | 'pause' | 'resume';

/** Each has a text: `desk.refused.<code>`. */
export type RecordingRefusal =
  | 'recording-forbidden'
  | 'recording-always'
  | 'recording-on'
  | 'recording-off'
  | 'recording-paused'
  | 'recording-not-paused';

export type RecordingStep =
  | { readonly kind: 'changed'; readonly control: RecordingControl }
  | { readonly kind: 'refused'; readonly reason: RecordingRefusal };

const refused = (reason: RecordingRefusal): RecordingStep => ({ kind: 'refused', reason });

/** Would be recorded, were it not paused. */
export const isWanted = (mode: RecordingMode, { isOn }: RecordingControl): boolean =>
  mode === 'always' || (mode === 'on-demand' && isOn);

/** Has to be recorded now. */
export const isRecorded = (mode: RecordingMode, control: RecordingControl): boolean =>
  isWanted(mode, control) && control.pause === undefined;

/** What becomes of a wish at an instant. `maxPauseMs`: so long a pause lasts at most. */
export function stepRecording(
  mode: RecordingMode,
  control: RecordingControl,
  wish: RecordingWish,
  at: number,
  maxPauseMs: number,
): RecordingStep {
  if (mode === 'never') return refused('recording-forbidden');
  const { pause } = control;
  const goesOn: RecordingControl = { isOn: control.isOn };
  switch (wish) {
    case 'start':
      if (pause !== undefined) return refused('recording-paused');
      if (isWanted(mode, control)) return refused('recording-on');
      return { kind: 'changed', control: { isOn: true } };
    case 'stop':
      if (mode === 'always') return refused('recording-always');
      if (!isWanted(mode, control)) return refused('recording-off');
      return { kind: 'changed', control: NO_CONTROL };
    case 'pause':
      if (!isWanted(mode, control)) return refused('recording-off');
      if (pause !== undefined) return refused('recording-paused');
      return { kind: 'changed', control: { ...goesOn, pause: { at, until: at + maxPauseMs } } };
    case 'resume':
      if (pause === undefined) return refused('recording-not-paused');
      return { kind: 'changed', control: goesOn };
  }
}

/** A pause whose time is over has ended. */
export const withoutOverduePause = (control: RecordingControl, at: number): RecordingControl =>
  control.pause !== undefined && control.pause.until <= at ? { isOn: control.isOn } : control;

/** What a code of a phone means that does one thing and takes it back. */
export function toggledWish(
  mode: RecordingMode,
  control: RecordingControl,
  code: 'record' | 'pause',
): RecordingWish {
  if (code === 'pause') return control.pause === undefined ? 'pause' : 'resume';
  return isWanted(mode, control) ? 'stop' : 'start';
}

/** Codes that phones press during a talk. */
export interface InCallCodes {
  readonly record: string;
  readonly pause: string;
}

/** Keys that are longer apart than this are no code. */
export const CODE_KEYS_APART_MS = 3_000;

/** Finds codes among the keys that a phone presses: a code begins with a star. */
export class CodeReader {
  #keys = '';
  #lastAt = 0;

  /** The code that this key completes. */
  read(key: string, at: number, { record, pause }: InCallCodes): keyof InCallCodes | undefined {
    const isLate = at - this.#lastAt > CODE_KEYS_APART_MS;
    this.#lastAt = at;
    this.#keys = key === '*' ? '*' : this.#keys === '' || isLate ? '' : this.#keys + key;
    const found = this.#keys === record ? 'record' : this.#keys === pause ? 'pause' : undefined;
    if (found !== undefined) this.#keys = '';
    return found;
  }
}
