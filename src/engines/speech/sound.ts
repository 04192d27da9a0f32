/** A piece of what is said: a system sound by its name in `asterisk/prompts/manifest.json`, in the caller's language. */
export interface SoundRef {
  readonly kind: 'system';
  readonly name: FragmentName;
}

/** Names of the pieces that spoken values are made of; sentences of the switchboard have no such beginning. */
export type FragmentName = `say-${string}`;

/** The piece of this name: `piece('number-21')`. */
export const piece = (name: string): SoundRef => ({ kind: 'system', name: `say-${name}` });

/** A short silence, as between the groups of a telephone number. */
export const PAUSE = piece('pause');
export const MINUS = piece('minus');
export const POINT = piece('point');

/** 0 to 99 have one sound each: no language joins them more smoothly than a whole word. */
export const numberPiece = (n: number): SoundRef => piece(`number-${String(n)}`);

/** Figures one after the other. */
export const figures = (text: string): readonly SoundRef[] =>
  Array.from(text, (figure) => numberPiece(Number(figure)));
