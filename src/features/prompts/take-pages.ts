import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import { AppError } from '../../kernel/errors.js';
import type { PromptId } from '../../kernel/ids.js';
import type { Desk } from '../../telephony/live.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import type { PhoneReports } from './phone-reports.js';
import type { TakeMemory, TakeStatus } from './phone-takes.js';
import type { PromptService } from './prompt-service.js';
import { PATH, pathOf } from './prompt-paths.js';

export interface TakePagesParts {
  readonly desk: Desk;
  readonly memory: TakeMemory;
  readonly service: PromptService;
  readonly phones: PhoneReports;
}

/** States after which nothing more comes. */
const OVER: ReadonlySet<string> = new Set(['kept', 'left', 'failed', 'unanswered']);

const takeForm = z.object({
  language: z.enum(LANGUAGES as [Language, ...Language[]]).catch('en'),
  extension: z.string().max(20).catch(''),
});

/** Adds recording by phone: ringing the phone, and how far it is. */
export function addTakePages(pages: PageRoutes, parts: TakePagesParts): void {
  pages.post(`${PATH}/:id/takes`, 'prompts.edit', (page) => ring(page, parts));
  pages.get(`${PATH}/:id/takes/:take`, 'prompts.edit', (page) => tellState(page, parts));
}

async function ring(page: PageContext, parts: TakePagesParts): Promise<void> {
  const prompt = await parts.service.get(page.actor, page.id<PromptId>());
  if (prompt.archivedAt !== undefined) throw new AppError('not-found', 'an archived prompt');
  const { language, extension } = takeForm.parse(page.body);
  const phones = await parts.phones.phones();
  const back = pathOf(prompt.id);
  if (!phones.some(({ number }) => number === extension)) {
    await page.redirect(back, { message: 'prompts.phone.choose' });
    return;
  }
  const id = randomUUID();
  await parts.memory.put({ id, prompt: prompt.id, language, extension, actor: page.actor });
  const answer = await parts.desk.ask({ kind: 'record-prompt', take: id, title: prompt.name });
  if (answer.ok) await page.redirect(`${back}?take=${id}#take`);
  else
    await page.redirect(back, {
      message: 'prompts.phone.refused',
      params: { reason: page.t(`desk.refused.${answer.code}`, { detail: answer.detail }) },
    });
}

/** For the page's script; `isOver` with what is to be shown then. */
async function tellState(page: PageContext, parts: TakePagesParts): Promise<void> {
  const id = page.id<PromptId>();
  const found = await parts.memory.find(page.param('take'));
  if (found?.take.prompt !== id) throw new AppError('not-found', 'no such recording');
  page.res
    .set('Cache-Control', 'no-store')
    .json({ ...takeView(page, found.status), isKept: found.status.state === 'kept' });
}

/** How far a take is, in words. */
function takeView(page: PageContext, { state, reason }: TakeStatus) {
  const why = reason === undefined ? '' : page.t(`prompts.problem.${reason}`);
  return { text: page.t(`prompts.phone.state.${state}`, { why }), isOver: OVER.has(state) };
}

/** What the page of a prompt shows of recording by phone; `take` of its address is the one under way. */
export async function phoneView(page: PageContext, id: PromptId, phones: PhoneReports) {
  const [all, own] = await Promise.all([phones.phones(), phones.ownPhone(page.actor.userId)]);
  const take = page.query['take'] ?? '';
  return {
    phones: all.map(({ number, name }) => ({
      value: number,
      label: `${number} ${name}`,
      isOwn: number === own,
    })),
    action: `${pathOf(id)}/takes`,
    languages: LANGUAGES.map((language) => ({
      value: language,
      label: page.t(`language.${language}`),
    })),
    state: /^[0-9a-f-]{36}$/.test(take) ? `${pathOf(id)}/takes/${take}` : undefined,
  };
}
