import type { QueueOptions } from './queue-store.js';
import type { QueueDraft, QueueSkill } from './queue.js';

/** A queue as the audit log keeps it: flat, in names instead of ids. `overflows` are the overflow targets in words, by field. */
export function describeQueue(
  {
    music,
    announcements,
    whisper,
    calendar,
    survey,
    script,
    skills,
    members,
    ...draft
  }: QueueDraft,
  options: QueueOptions,
  overflows: Readonly<Record<string, string>>,
): Readonly<Record<string, unknown>> {
  const nameIn = (list: readonly { readonly id: number; readonly name: string }[], id?: number) =>
    list.find((one) => one.id === id)?.name ?? '';
  const names = new Map(options.agents.map((agent) => [agent.id, agent.name]));
  return {
    ...draft,
    ...overflows,
    music: nameIn(options.music, music),
    announcements: announcements.map((one) => nameIn(options.prompts, one)),
    whisper: nameIn(options.prompts, whisper),
    calendar: nameIn(options.calendars, calendar),
    survey: nameIn(options.surveys, survey),
    script: nameIn(options.scripts, script),
    skills: skills.map((one) => skillText(nameIn(options.skills, one.skill), one)),
    members: members.flatMap((agent) => names.get(agent) ?? []),
  };
}

/** `Repairs 50, after 20 s 30`; a preferred one as `Repairs 50?`, as the pages of calls write it. */
const skillText = (name: string, { minLevel, isRequired, relax }: QueueSkill): string =>
  [
    `${name} ${String(minLevel)}${isRequired ? '' : '?'}`,
    ...relax.map((step) => `after ${String(step.afterS)} s ${String(step.minLevel)}`),
  ].join(', ');
