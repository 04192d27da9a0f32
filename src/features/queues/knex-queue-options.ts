import type { Knex } from 'knex';
import type { Language } from '../../kernel/call-event.js';
import type {
  AgentId,
  CalendarId,
  MusicId,
  PromptId,
  ScriptId,
  SurveyId,
} from '../../kernel/ids.js';
import { readLevels, readSkillOptions } from '../skills/index.js';
import type { AnnouncementOption, MemberOption, QueueOptions } from './queue-store.js';

/** Reads what a queue can name. */
export async function readQueueOptions(db: Knex): Promise<QueueOptions> {
  const [agents, prompts, skills, calendars, music, surveys, scripts] = await Promise.all([
    memberOptions(db),
    promptOptions(db),
    readSkillOptions(db),
    db('calendars')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: CalendarId; name: string }[]>('id', 'name'),
    db('music')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: MusicId; name: string }[]>('id', 'name'),
    db('surveys')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: SurveyId; name: string }[]>('id', 'name'),
    db('scripts')
      .whereNull('archived_at')
      .orderBy('name')
      .select<{ id: ScriptId; name: string }[]>('id', 'name'),
  ]);
  return { agents, prompts, skills, calendars, music, surveys, scripts };
}

async function memberOptions(db: Knex): Promise<readonly MemberOption[]> {
  const agents = await db('agents')
    .whereNull('archived_at')
    .orderBy('name')
    .orderBy('id')
    .select<{ id: AgentId; name: string; number: string }[]>('id', 'name', 'number');
  const levels = await readLevels(
    db,
    agents.map((agent) => agent.id),
  );
  return agents.map((agent) => ({ ...agent, levels: levels.get(agent.id) ?? new Map() }));
}

async function promptOptions(db: Knex): Promise<readonly AnnouncementOption[]> {
  const prompts = await db('prompts')
    .whereNull('archived_at')
    .orderBy('name')
    .select<{ id: PromptId; name: string }[]>('id', 'name');
  const files = await db('prompt_files').select<{ prompt_id: PromptId; language: Language }[]>(
    'prompt_id',
    'language',
  );
  return prompts.map((prompt) => ({
    ...prompt,
    languages: files.filter((file) => file.prompt_id === prompt.id).map((file) => file.language),
  }));
}
