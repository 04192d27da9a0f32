/** Mean width of a letter and width of a Chinese character, as shares of the font's size. */
const LETTER = 0.56;
const WIDE = 1;

const isWide = (character: string): boolean =>
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/.test(
    character,
  ) || (character.codePointAt(0) ?? 0) > 0x1f000;

/** About how wide a text is drawn, in pixels. The server does not know the font of the reader, so it rounds up. */
export const textWidth = (text: string, fontSize: number): number =>
  Array.from(text).reduce((sum, character) => sum + (isWide(character) ? WIDE : LETTER), 0) *
  fontSize;

/** The text, cut with an ellipsis where it is wider than `width`. */
export function fitText(text: string, fontSize: number, width: number): string {
  if (textWidth(text, fontSize) <= width) return text;
  let fitting = '';
  for (const character of text) {
    if (textWidth(`${fitting}${character}…`, fontSize) > width) break;
    fitting += character;
  }
  return `${fitting.trimEnd()}…`;
}
