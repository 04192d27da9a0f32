import { z } from 'zod';
import { problem } from '../../kernel/fields.js';
import type { AgentId } from '../../kernel/ids.js';
import type { FlatValues } from './skill-rows.js';

const MAX_PLACE = 99_999;

/** What a form sends as `place.<agent>`, in its order. */
type TypedPlace = readonly [agent: string, typed: string];
/** A member's place as typed, from 1, and the row in which it was typed, from 1. */
interface Place {
  readonly agent: number;
  readonly row: number;
  readonly place: number;
}

/** The fields `place.<agent>` of a form in the order of its rows, those left empty too. */
export const placesOf = (flat: FlatValues): readonly TypedPlace[] =>
  Object.entries(flat).flatMap(([name, value]) => {
    const [, agent] = /^place\.([1-9]\d{0,9})$/.exec(name) ?? [];
    return agent === undefined ? [] : [[agent, typeof value === 'string' ? value : ''] as const];
  });

/** Places as whole numbers from 1; what is none is a problem of `place.<agent>`. Empty ones are left out. */
export const placesField = () =>
  z.custom<readonly TypedPlace[]>().transform((rows, context): readonly Place[] =>
    rows.flatMap(([agent, typed], at) => {
      const text = typed.trim();
      if (text === '') return [];
      if (/^[1-9]\d{0,4}$/.test(text))
        return [{ agent: Number(agent), row: at + 1, place: Number(text) }];
      const wrong = problem('form.problem.between', { min: 1, max: MAX_PLACE });
      context.addIssue({ ...wrong, path: [agent] });
      return [];
    }),
  );

/**
 * Members by their typed places. One who was moved up to a place goes before whoever had it, one who was moved down goes
 * behind; those without a place come last, as they were.
 */
export function inTypedOrder(
  members: readonly AgentId[],
  places: readonly Place[],
): readonly AgentId[] {
  const keys = new Map(
    places.map(({ agent, row, place }) => [agent, place + Math.sign(place - row) / 2]),
  );
  const keyOf = (agent: AgentId): number => keys.get(agent) ?? Infinity;
  return members.toSorted((a, b) => (keyOf(a) === keyOf(b) ? 0 : keyOf(a) < keyOf(b) ? -1 : 1));
}

/** The places of members as the form shows them. */
export const placeValues = (members: readonly AgentId[]): FlatValues =>
  Object.fromEntries(members.map((agent, at) => [`place.${String(agent)}`, String(at + 1)]));
