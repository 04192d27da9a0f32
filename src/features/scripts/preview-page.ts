import { fieldsIn, merge, valueOfField, type MergeFacts } from '../../engines/script/merge.js';
import { MAX_TRAIL } from '../../engines/script/run.js';
import { pageOf, type Script, type ScriptPage } from '../../engines/script/script.js';
import { textIn } from '../../engines/survey/survey.js';
import { LANGUAGES, type Language } from '../../kernel/call-event.js';
import type { ContactId, ScriptId } from '../../kernel/ids.js';
import { formatPhone, urlWith, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import type { ExampleContact, ScriptOptions } from './script-store.js';
import type { ScriptService } from './script-service.js';
import { pageName, targetText } from './script-words.js';

const ACCESS = 'scripts.edit';

/**
 * The script page by page as an agent sees it, with the values of a contact. Where one stands is in the address (`at`: keys
 * of the pages on the way), so that it works by links alone and nothing is kept.
 */
export function addPreviewPage(pages: PageRoutes, service: ScriptService): void {
  pages.get('/setup/scripts/:id/preview', ACCESS, (page) => showPreview(page, service));
}

async function showPreview(page: PageContext, service: ScriptService): Promise<void> {
  const id = page.id<ScriptId>();
  const script = await service.get(page.actor, id);
  const search = (page.query['q'] ?? '').trim().slice(0, 80);
  const chosen = page.query['contact'] ?? '';
  const contactId = /^[1-9]\d{0,9}$/.test(chosen) ? (Number(chosen) as ContactId) : undefined;
  const [options, contacts] = await Promise.all([
    service.options(page.actor),
    service.examples(page.actor, search, contactId),
  ]);
  const contact = contacts.find((one) => one.id === contactId) ?? contacts[0];
  const language = LANGUAGES.find((one) => one === page.query['language']) ?? page.language;
  const path = `/setup/scripts/${String(id)}/preview`;
  const keep = { q: search, contact: contact?.id, language: page.query['language'] };
  const trail = trailOf(script, page.query['at'] ?? '');
  const hrefAt = (keys: readonly string[]): string =>
    urlWith(path, { ...keep, at: keys.join('.') });
  const current = pageOf(script, trail.at(-1) ?? '');
  page.render('scripts/preview', {
    title: page.t('scripts.preview.title', { name: script.name }),
    crumbs: [
      { label: page.t('scripts.title'), href: '/setup/scripts' },
      { label: script.name, href: `/setup/scripts/${String(id)}` },
    ],
    styles: ['setup', 'scripts'],
    ...{ path, search, at: trail.join('.') },
    contacts: contacts.map((one) => ({
      value: String(one.id),
      label: one.company === '' ? one.name : `${one.name} · ${one.company}`,
      isChosen: one === contact,
    })),
    languages: LANGUAGES.map((one) => ({
      value: one,
      label: page.t(`language.${one}`),
      isChosen: one === language,
    })),
    backHref: trail.length > 1 ? hrefAt(trail.slice(0, -1)) : undefined,
    step: trail.length,
    shown:
      current && shownPage(page, { script, current, language, options, contact, trail, hrefAt }),
  });
}

/** Keys that lead from one page to the next, as far as they do. */
function trailOf(script: Script, text: string): readonly string[] {
  const first = script.pages[0]?.key;
  if (first === undefined) return [];
  const trail = [first];
  for (const key of text.split('.').slice(1, MAX_TRAIL)) {
    const leads = pageOf(script, trail.at(-1) ?? '')?.ways.some(
      ({ to }) => to.kind === 'page' && to.page === key,
    );
    if (leads !== true) break;
    trail.push(key);
  }
  return trail;
}

interface Shown {
  readonly script: Script;
  readonly current: ScriptPage;
  readonly language: Language;
  readonly options: ScriptOptions;
  readonly contact: ExampleContact | undefined;
  readonly trail: readonly string[];
  readonly hrefAt: (keys: readonly string[]) => string;
}

function shownPage(page: PageContext, shown: Shown) {
  const { script, current, language, options, contact, trail, hrefAt } = shown;
  const text = textIn(current.text, language);
  const facts: MergeFacts = {
    ...(contact && {
      contact: {
        ...contact,
        number: contact.number === '' ? '' : formatPhone(contact.number, page),
      },
    }),
    agentName: page.actor.name,
    campaignName: page.t('scripts.preview.campaign'),
    answers: {},
  };
  const valueOf = (field: string): string | undefined => valueOfField(field, facts);
  return {
    name: pageName(page, current, script.pages.indexOf(current)),
    title: textIn(current.title, language),
    parts: merge(text, valueOf),
    gaps: fieldsIn(text).filter((field) => (valueOf(field)?.trim() ?? '') === ''),
    questions: current.questions.map(({ label, kind, isNeeded, field }) => ({
      label: textIn(label, language),
      kind: page.t(`scripts.kind.${kind}`),
      isNeeded,
      field,
    })),
    ways: current.ways.map(({ label, to }, at) => ({
      digit: at + 1,
      label: textIn(label, language),
      where: targetText(page, script, to, options),
      href: to.kind === 'page' ? hrefAt([...trail, to.page]) : undefined,
    })),
  };
}
