import { wallText } from '../../engines/routing/wall-clock.js';
import type { ContactId } from '../../kernel/ids.js';
import {
  formatPhone,
  formView,
  submitForm,
  urlWith,
  type PageContext,
  type PageData,
  type PageRoutes,
} from '../../web/kit/index.js';
import { bookingSchema, zonesOf } from './booking.js';
import { FOLLOW_UP_KINDS, NOTE_MAX, type BookableContact } from './follow-up.js';
import type { FollowUpPageParts } from './follow-up-pages.js';
import type { FollowUpOptions } from './follow-up-store.js';

const PATH = '/appointments';
const ACCESS = 'follow-ups.use';
const TARGET = { prefix: 'follow-ups.form', action: `${PATH}/new` };

/** Booking: first whom it is for, then what and when. */
export function addBookingPages(pages: PageRoutes, parts: FollowUpPageParts): void {
  const { service, clock } = parts;
  pages
    .get(`${PATH}/new`, ACCESS, async (page) => {
      const contact = await chosen(page, parts, page.query['contact'] ?? '');
      if (contact === undefined) return showSearch(page, parts);
      const [zone] = zonesOf(contact, contact.numbers[0]?.number ?? '', page.zone);
      // The next full hour on the customer's clock.
      const soon = wallText(Math.ceil((clock.now() + 1) / 3_600_000) * 3_600_000, zone);
      const form = formView(TARGET, {
        ...{ contact: contact.id, kind: 'callback', note: '' },
        ...{ day: soon.slice(0, 10), time: soon.slice(11, 16) },
        number: contact.numbers.find(({ isDead }) => !isDead)?.position ?? '',
        whom: page.actor.agentId === undefined ? 'team' : 'me',
        campaign: page.query['campaign'] ?? '',
      });
      page.render('follow-ups/new', { ...(await bookingData(page, parts, contact)), form });
    })
    .post(`${PATH}/new`, ACCESS, (page) =>
      submitForm(page, {
        ...TARGET,
        schema: bookingSchema,
        view: 'follow-ups/new',
        data: async () => bookingData(page, parts, await chosen(page, parts, page.body['contact'])),
        save: (values) => service.book(page.actor, values, { source: 'page' }),
        done: (id) => page.redirect(`${PATH}/${String(id)}`, { message: 'follow-ups.booked' }),
      }),
    );
}

async function chosen(
  page: PageContext,
  { service }: FollowUpPageParts,
  id: unknown,
): Promise<BookableContact | undefined> {
  if (typeof id !== 'string' || !/^[1-9]\d{0,9}$/.test(id)) return undefined;
  return service.contact(page.actor, Number(id) as ContactId);
}

const crumbs = (page: PageContext) => [{ label: page.t('follow-ups.title'), href: PATH }];

async function showSearch(page: PageContext, { service }: FollowUpPageParts): Promise<void> {
  const search = (page.query['q'] ?? '').trim().slice(0, 80);
  const found = await service.searchContacts(page.actor, {
    search,
    wholeNumbersOnly: page.masksNumbers,
  });
  page.render('follow-ups/choose-contact', {
    title: page.t('follow-ups.new'),
    crumbs: crumbs(page),
    styles: ['follow-ups'],
    search,
    isGone: (page.query['contact'] ?? '') !== '',
    contacts: found.map((contact) => ({
      name: contact.name === '' ? page.t('follow-ups.nameless') : contact.name,
      company: contact.company,
      numbers: contact.numbers.map(({ number }) => formatPhone(number, page)).join(' · '),
      href: urlWith(`${PATH}/new`, { contact: contact.id }),
    })),
  });
}

async function bookingData(
  page: PageContext,
  { service }: FollowUpPageParts,
  contact: BookableContact | undefined,
): Promise<PageData> {
  const options = await service.options(page.actor);
  return {
    title: page.t('follow-ups.new'),
    crumbs: crumbs(page),
    styles: ['setup', 'follow-ups'],
    contact,
    ...bookingOptions(page, options, contact),
  };
}

/** What can be chosen in a form that books something for a contact; also the one on the agent's page. */
export function bookingOptions(
  page: Pick<PageContext, 't' | 'zone' | 'language' | 'country' | 'masksNumbers' | 'actor'>,
  options: FollowUpOptions,
  contact: BookableContact | undefined,
) {
  const { t, actor } = page;
  const named = (list: readonly { readonly id: number; readonly name: string }[]) =>
    list.map(({ id, name }) => ({ value: String(id), label: name }));
  const numbers = contact?.numbers ?? [];
  const zones = contact && zonesOf(contact, numbers[0]?.number ?? '', page.zone);
  return {
    noteMax: NOTE_MAX,
    kinds: FOLLOW_UP_KINDS.map((value) => ({ value, label: t(`follow-ups.kind.${value}`) })),
    numbers: numbers.map(({ position, number, isDead }) => ({
      value: String(position),
      label: isDead
        ? t('follow-ups.number-dead', { number: formatPhone(number, page) })
        : formatPhone(number, page),
    })),
    zone: zones?.[0],
    zoneHelp:
      zones === undefined
        ? ''
        : t(zones.length > 1 ? 'follow-ups.zones' : 'follow-ups.zone', {
            zone: zones[0],
            zones: zones.join(', '),
          }),
    whomOptions: [
      ...(actor.agentId === undefined ? [] : [{ value: 'me', label: t('follow-ups.whom.me') }]),
      { value: 'team', label: t('follow-ups.whom.team') },
      ...named(options.agents.filter(({ id }) => id !== actor.agentId)),
    ],
    queues: named(options.queues),
    campaigns: named(options.campaigns),
  };
}
