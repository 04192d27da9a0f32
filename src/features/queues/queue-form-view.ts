import { STRATEGIES } from '../../engines/acd/acd-events.js';
import type { AgentId } from '../../kernel/ids.js';
import type { LiveView } from '../../telephony/live.js';
import type { PageContext } from '../../web/kit/index.js';
import { recordingChoices } from '../configuration/index.js';
import { shownAnnouncementRows } from './announcement-rows.js';
import { queueValues } from './queue-form.js';
import type { AnnouncementOption, QueueOptions } from './queue-store.js';
import { QUEUE_LIMITS, type StoredQueue } from './queue.js';
import { RELAX_STEPS, shownSkillRows, type FlatValues } from './skill-rows.js';

const SECTIONS = [
  'general',
  'distribution',
  'skills',
  'waiting',
  'limits',
  'after-call',
  'recording',
  'service-level',
  'members',
] as const;

/** What the form offers and shows, besides its values. A form that is shown again keeps the rows that were typed. */
export function queueFormView(
  page: PageContext,
  queue: StoredQueue | undefined,
  options: QueueOptions,
  live: LiveView,
) {
  const flat: FlatValues =
    'name' in page.body ? page.body : queue === undefined ? {} : queueValues(queue);
  const announcementRows = shownAnnouncementRows(flat);
  const announcementLabels = Object.fromEntries(
    announcementRows.map((name, at) => [
      name,
      page.t('queues.form.announcement-row', { number: at + 1 }),
    ]),
  );
  const { fieldLabels, ...members } = membersView(page, flat, options, live);
  return {
    limits: QUEUE_LIMITS,
    sections: SECTIONS.map((id) => ({
      id,
      title: page.t(`queues.section.${id}`),
      ...countOf(id, queue),
    })),
    styles: ['setup', 'queues'],
    scripts: ['check-filter', 'queue-form'],
    strategies: STRATEGIES.map((value) => ({
      value,
      label: page.t(`queues.strategy.${value}`),
      help: page.t(`queues.strategy.${value}.help`),
    })),
    promptOptions: options.prompts.map((prompt) => promptOption(page, prompt)),
    announcementRows: announcementRows.map((name) => ({ name, label: announcementLabels[name] })),
    music: options.music.map(({ id, name }) => ({ value: id, label: name })),
    scriptOptions: options.scripts.map(({ id, name }) => ({ value: id, label: name })),
    surveys: options.surveys.map(({ id, name }) => ({ value: id, label: name })),
    ...recordingChoices(page.t),
    calendars: options.calendars.map(({ id, name }) => ({ value: id, label: name })),
    ...skillRowsView(page, shownSkillRows(flat), options),
    ...members,
    fieldLabels: {
      ...fieldLabels,
      ...announcementLabels,
    },
  };
}

const countOf = (id: (typeof SECTIONS)[number], queue: StoredQueue | undefined) => {
  if (queue !== undefined && id === 'members') return { count: queue.members.length };
  return queue !== undefined && id === 'skills' && queue.skills.length > 0
    ? { count: queue.skills.length }
    : {};
};

const promptOption = (page: PageContext, prompt: AnnouncementOption) => ({
  value: prompt.id,
  label: page.t('queues.announcement-option', {
    name: prompt.name,
    languages: prompt.languages.map((language) => page.t(`language.${language}`)).join(', '),
  }),
});

/** Rows in which skills are asked for, by the names of their fields. */
export const skillRowsView = (
  page: PageContext,
  rows: readonly number[],
  { skills }: Pick<QueueOptions, 'skills'>,
) => ({
  skillOptions: skills.map(({ id, name }) => ({ value: String(id), label: name })),
  skillKinds: ['required', 'preferred'].map((value) => ({
    value,
    label: page.t(`queues.skill.${value}`),
  })),
  skillRows: rows.map((at) => {
    const prefix = `skills.${String(at)}`;
    return {
      title: page.t('queues.skill.row', { number: at + 1 }),
      skill: `${prefix}.skill`,
      kind: `${prefix}.kind`,
      level: `${prefix}.level`,
      steps: RELAX_STEPS.map((step) => ({
        after: `${prefix}.after${String(step)}`,
        to: `${prefix}.to${String(step)}`,
        title: page.t('queues.skill.step', { number: step + 1 }),
      })),
    };
  }),
});

function membersView(
  page: PageContext,
  flat: FlatValues,
  options: QueueOptions,
  { current }: LiveView,
) {
  const states = new Map((current?.agents ?? []).map((agent) => [agent.id, agent.state]));
  const chosen = chosenOf(flat);
  const names = new Map(options.agents.map((agent) => [agent.id, agent]));
  const ordered = [...chosen.typed, ...chosen.all.filter((id) => !chosen.typed.includes(id))];
  return {
    agents: options.agents.map((agent) => {
      const state = states.get(agent.id);
      return {
        value: agent.id,
        label: agent.name,
        note: agent.number,
        state: state === undefined ? '' : page.t(`state.${state}`),
      };
    }),
    order: ordered.flatMap((id) => {
      const agent = names.get(id);
      return agent === undefined
        ? []
        : [{ id, field: `place.${String(id)}`, name: agent.name, note: agent.number }];
    }),
    // What the list of conflicts calls them.
    fieldLabels: Object.fromEntries(
      options.agents.map((agent) => [
        `place.${String(agent.id)}`,
        page.t('queues.member.place', { name: agent.name }),
      ]),
    ),
  };
}

/** The chosen members of a form, and those of them who have a row in the list of places, in its order. */
function chosenOf(flat: FlatValues): {
  readonly all: readonly AgentId[];
  readonly typed: readonly AgentId[];
} {
  const { members = [] } = flat;
  const all = [members].flat().map((id) => Number(id) as AgentId);
  const typed = Object.keys(flat).flatMap((name) => {
    const id = Number(/^place\.(\d{1,10})$/.exec(name)?.[1] ?? 0) as AgentId;
    return all.includes(id) ? [id] : [];
  });
  return { all, typed };
}
