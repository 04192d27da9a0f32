import { AppError } from '../../kernel/errors.js';
import type { ExtensionId } from '../../kernel/ids.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { Directory, ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, DeskCommand, LiveView } from '../../telephony/live.js';
import { formView, PageRoutes, submitForm, type PageContext } from '../../web/kit/index.js';
import { phoneValues } from './call-handling-live.js';
import { lastDialledValues } from './last-dialled.js';
import type { CallHandlingService } from './call-handling-service.js';
import { phoneCodes } from './phone-codes.js';
import {
  describeHandling,
  ENTRY_RING_S,
  entryField,
  FORWARD_FIELDS,
  handlingForm,
  MAX_ENTRIES,
  type StoredHandling,
} from './call-handling.js';

const PREFIX = 'extensions.form';
const OWN_PATH = '/my-phone';

export interface CallHandlingPagesParts {
  readonly service: CallHandlingService;
  readonly directory: Pick<Directory, 'current'>;
  readonly live: Pick<LiveView, 'current'>;
  readonly desk: Desk;
}

/** Whose calls a page is about, and where it stands. */
interface Place {
  readonly extension: ExtensionConfig;
  readonly action: string;
  readonly isOwn: boolean;
}

/** What becomes of calls: a page below each extension, and one of everybody's own phone. */
export function callHandlingPages(parts: CallHandlingPagesParts): PageRoutes {
  const placeOf = (page: PageContext): Place => {
    const extension = parts.directory.current.extensions.get(page.id<ExtensionId>());
    if (extension === undefined) throw new AppError('not-found', 'no extension in use');
    const action = `/setup/extensions/${String(extension.id)}/calls`;
    return { extension, action, isOwn: false };
  };
  const own = (page: PageContext): Place | undefined => {
    const extension = parts.service.ownExtension(page.actor);
    return extension && { extension, action: OWN_PATH, isOwn: true };
  };
  return new PageRoutes()
    .get('/setup/extensions/:id/calls', 'extensions.edit', (page) =>
      show(page, parts, placeOf(page)),
    )
    .post('/setup/extensions/:id/calls', 'extensions.edit', (page) =>
      save(page, parts, placeOf(page)),
    )
    .get(OWN_PATH, 'workspace.use', async (page) => {
      const place = own(page);
      if (place !== undefined) await show(page, parts, place);
      else page.render('call-handling/no-phone', { title: page.t('my-phone.title') });
    })
    .post(`${OWN_PATH}/busy-callback/cancel`, 'workspace.use', async (page) => {
      const place = own(page);
      if (place === undefined) throw new AppError('not-found', 'the user has no phone');
      const extensionId = place.extension.id;
      const answer = await parts.desk.ask({ kind: 'busy-callback-cancel', extensionId });
      // Over already is what was wanted.
      const isDone = answer.ok || answer.code === 'no-call';
      await page.redirect(OWN_PATH, {
        message: isDone ? 'extensions.callback.cancelled' : 'extensions.callback.not-cancelled',
      });
    })
    .post(`${OWN_PATH}/redial`, 'workspace.use', (page) =>
      dialAgain(page, parts, own(page), {
        ask: (extensionId) => ({ kind: 'phone-redial', extensionId }),
        done: 'extensions.last.calling',
      }),
    )
    .post(`${OWN_PATH}/busy-callback`, 'workspace.use', (page) =>
      dialAgain(page, parts, own(page), {
        ask: (extensionId) => ({ kind: 'busy-callback', extensionId, number: '' }),
        done: 'extensions.last.calls-back',
      }),
    )
    .post(OWN_PATH, 'workspace.use', (page) => {
      const place = own(page);
      if (place === undefined) throw new AppError('not-found', 'the user has no phone');
      return save(page, parts, place);
    });
}

/** What the own phone dialled last: at once, or when it is free. */
async function dialAgain(
  page: PageContext,
  parts: CallHandlingPagesParts,
  place: Place | undefined,
  { ask, done }: { readonly ask: (own: ExtensionId) => DeskCommand; readonly done: string },
): Promise<void> {
  if (place === undefined) throw new AppError('not-found', 'the user has no phone');
  const answer = await parts.desk.ask(ask(place.extension.id));
  if (answer.ok) {
    const message = answer.isDialled === true ? 'extensions.last.calling' : done;
    await page.redirect(OWN_PATH, { message });
    return;
  }
  const detail = answer.detail === '' ? '–' : answer.detail;
  await show(page, parts, place, page.t(`desk.refused.${answer.code}`, { detail }));
}

/** `problem`: why the last number was not dialled again. */
async function show(
  page: PageContext,
  parts: CallHandlingPagesParts,
  place: Place,
  problem = '',
): Promise<void> {
  const stored = await parts.service.read(page.actor, place.extension.id);
  const form = formView(
    { prefix: PREFIX, action: place.action },
    shown(page, stored),
    formVersion(stored),
  );
  const data = { ...viewData(page, parts, place), form, problem };
  page.render('call-handling/edit', data, problem === '' ? 200 : 409);
}

async function save(page: PageContext, parts: CallHandlingPagesParts, place: Place): Promise<void> {
  const { service } = parts;
  const { id } = place.extension;
  await submitForm(page, {
    prefix: PREFIX,
    action: place.action,
    schema: handlingForm,
    view: 'call-handling/edit',
    data: () => viewData(page, parts, place),
    save: (values, version) => service.save(page.actor, id, version - 1, values),
    current: async () => {
      const stored = await service.read(page.actor, id);
      return { values: shown(page, stored), version: formVersion(stored) };
    },
    done: { path: place.action, toast: { message: 'extensions.handling.saved' } },
  });
}

/** Forms take version 0 for something new, but what has never been set has a version here, too. */
const formVersion = (stored: StoredHandling): number => stored.version + 1;

/** What is stored as the form sends it, with numbers as people write them. */
function shown(page: PageContext, stored: StoredHandling): Readonly<Record<string, unknown>> {
  const written = (number: string): string => formatNumber(number, page.country, page.language);
  const fields = describeHandling(stored);
  const entries = stored.followMe.entries.flatMap((entry, row): [string, unknown][] => [
    [entryField(row, 'number'), written(entry.number)],
    [entryField(row, 'ringS'), String(entry.ringMs / 1000)],
    [entryField(row, 'together'), entry.isTogether],
  ]);
  const numbers = Object.values(FORWARD_FIELDS).map((field) => [field, written(fields[field])]);
  return {
    ...fields,
    ...Object.fromEntries<unknown>(numbers as [string, unknown][]),
    ...Object.fromEntries<unknown>(entries),
  };
}

function viewData(page: PageContext, parts: CallHandlingPagesParts, { extension, isOwn }: Place) {
  const circle = parts.service.circle(extension.id);
  const { current } = parts.directory;
  const { id, number, name } = extension;
  const isAgents = isOwn
    ? page.actor.agentId !== undefined
    : [...current.agents.values()].some(({ extensionId }) => extensionId === id);
  return {
    title: isOwn ? page.t('my-phone.title') : page.t('extensions.handling.title', { number, name }),
    crumbs: isOwn
      ? []
      : [
          { label: page.t('extensions.title'), href: '/setup/extensions' },
          { label: `${number} ${name}`, href: `/setup/extensions/${String(id)}` },
        ],
    styles: ['setup', 'calendars'],
    isOwn,
    pickupGroups: parts.service.pickupGroups(),
    entries: Array.from({ length: MAX_ENTRIES }, (_, row) => ({
      number: entryField(row, 'number'),
      ringS: entryField(row, 'ringS'),
      together: entryField(row, 'together'),
      label: page.t('extensions.follow-me.place', { number: row + 1 }),
    })),
    ring: ENTRY_RING_S,
    extension: { id, number, name, hasVoicemail: extension.voicemail },
    values: {
      ...phoneValues(parts.live.current, page, extension),
      ...(isOwn ? lastDialledValues(parts.live.current, page, current, extension) : {}),
    },
    codes: phoneCodes(page.t, current, extension, isAgents),
    warnings:
      circle.length === 0
        ? []
        : [{ text: page.t('extensions.warning.circle', { numbers: circle.join(' → ') }) }],
  };
}
