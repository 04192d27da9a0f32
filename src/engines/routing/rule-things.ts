import type { RoutingRule } from './rule.js';

/** What a rule can name. */
export const RULE_THINGS = [
  'did',
  'queue',
  'region',
  'calendar',
  'skill',
  'agent',
  'contact-list',
  'contact-field',
] as const;
export type RuleThing = (typeof RULE_THINGS)[number];

/** Something that a rule names, and in which part of it. */
export interface NamedThing {
  readonly kind: RuleThing;
  readonly id: number;
  readonly place: 'conditions' | 'effects';
}

/** Everything that a rule names by id, in its order. */
export function thingsOf({
  conditions,
  effects,
}: Pick<RoutingRule, 'conditions' | 'effects'>): readonly NamedThing[] {
  const things: NamedThing[] = [];
  for (const condition of conditions)
    switch (condition.kind) {
      case 'did':
      case 'queue':
      case 'region':
        for (const id of condition.ids)
          things.push({ kind: condition.kind, id, place: 'conditions' });
        break;
      case 'calendar':
        things.push({ kind: 'calendar', id: condition.id, place: 'conditions' });
        break;
      case 'contact-in-list':
        for (const id of condition.ids)
          things.push({ kind: 'contact-list', id, place: 'conditions' });
        break;
      case 'contact-field-is':
      case 'contact-field-at-least':
        things.push({ kind: 'contact-field', id: condition.field, place: 'conditions' });
        break;
      default:
    }
  for (const effect of effects)
    switch (effect.kind) {
      case 'skill':
        things.push({ kind: 'skill', id: effect.skill, place: 'effects' });
        break;
      case 'queue':
        things.push({ kind: 'queue', id: effect.queue, place: 'effects' });
        break;
      case 'agent':
        things.push({ kind: 'agent', id: effect.agent, place: 'effects' });
        break;
      case 'priority-from-contact':
        things.push({ kind: 'contact-field', id: effect.field, place: 'effects' });
        break;
      default:
    }
  return things;
}
