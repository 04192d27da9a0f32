import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { choiceField, flagField, textField } from '../../kernel/fields.js';
import { flatTiles, rowOf, tileRowsOf, tilesField, type FlatValues } from './tile-rows.js';
import { AGENT_NAMES, FIRST_TILES, THEMES, type WallboardDraft } from './wallboard.js';

/** The form. Tiles come as rows (`tiles.0.kind` ...), which are named so in problems. */
export const wallboardSchema = z.preprocess(
  (body) => ({ ...(body as FlatValues), tiles: tileRowsOf(body as FlatValues) }),
  z
    .object({
      name: textField({ max: 80 }),
      language: choiceField([...LANGUAGES] as [Language, ...Language[]]),
      theme: choiceField(THEMES),
      agentNames: choiceField(AGENT_NAMES),
      showsNumbers: flagField(),
      tiles: tilesField(),
    })
    .transform((form): WallboardDraft => form),
);

/** A board as the form shows and sends it. */
export const wallboardValues = ({ tiles, ...board }: WallboardDraft): FlatValues => ({
  ...{ name: board.name, language: board.language, theme: board.theme },
  ...{ agentNames: board.agentNames, showsNumbers: board.showsNumbers },
  ...flatTiles(tiles.map(rowOf)),
});

/** What the form of a new board shows. */
export const newWallboard = (language: Language): FlatValues =>
  wallboardValues({
    ...{ name: '', language, theme: 'dark', agentNames: 'short', showsNumbers: false },
    tiles: FIRST_TILES,
  });
