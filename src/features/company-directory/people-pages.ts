import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { ExtensionId } from '../../kernel/ids.js';
import type { Directory, DirectorySnapshot, ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, DeskCommand, LiveView } from '../../telephony/live.js';
import { slotsOf } from '../../telephony/parking.js';
import { listView, readList, type PageContext, type PageRoutes } from '../../web/kit/index.js';
import { peopleValues } from './people-live.js';
import { isMeant } from './people-search.js';

const PATH = '/directory';
const ACCESS = 'signed-in';

export interface PeoplePageParts {
  readonly directory: Pick<Directory, 'current'>;
  readonly live: Pick<LiveView, 'current'>;
  readonly desk: Desk;
  /** The phone that somebody sits at; undefined for users who have none. */
  readonly phoneOf: (actor: Actor) => ExtensionConfig | undefined;
}

/** Why a button did nothing, and beside which one that is said. */
interface Problem {
  /** The list and the number in it, as the button has sent them; '' for the top of the page. */
  readonly at: string;
  readonly text: string;
}

/** What can be done with a number: the last part of the path, what is asked, and what is said when it is under way. */
const ACTIONS = {
  call: {
    ask: (extensionId, number) => ({ kind: 'phone-dial', extensionId, number }),
    done: 'directory.calling',
  },
  'pick-up': {
    ask: (extensionId, at) => ({ kind: 'phone-pick-up', extensionId, at }),
    done: 'directory.picking-up',
  },
  intercom: {
    ask: (extensionId, number) => ({ kind: 'phone-intercom', extensionId, number }),
    done: 'directory.speaking',
  },
  page: {
    ask: (extensionId, number) => ({ kind: 'phone-page', extensionId, number }),
    done: 'directory.speaking',
  },
  'call-back': {
    ask: (extensionId, number) => ({ kind: 'busy-callback', extensionId, number }),
    done: 'directory.calls-back',
  },
} as const satisfies Record<
  string,
  {
    readonly ask: (own: ExtensionId, number: string) => DeskCommand;
    readonly done: string;
  }
>;
type Action = (typeof ACTIONS)[keyof typeof ACTIONS];

/** The page of everybody and everything that can be dialled inside. */
export function addPeoplePages(pages: PageRoutes, parts: PeoplePageParts): void {
  pages.get(PATH, ACCESS, (page) => {
    show(page, parts);
  });
  for (const [name, action] of Object.entries(ACTIONS))
    pages.post(`${PATH}/${name}`, ACCESS, (page) => act(page, parts, action));
}

function show(page: PageContext, parts: PeoplePageParts, problem?: Problem): void {
  const { current } = parts.directory;
  const request = readList(page, {
    path: PATH,
    sorts: ['number', 'name', 'department'],
    defaultSort: 'number',
  });
  const own = parts.phoneOf(page.actor);
  const people = [...current.extensions.values()]
    .filter((person) => isMeant(person, request.search))
    .sort(byColumn(request.sortBy, request.descending));
  const rows = people
    .slice(request.offset, request.offset + request.limit)
    .map(({ number, name, department = '' }) => ({
      ...{ number, name, department },
      isOwn: number === own?.number,
    }));
  const others = otherNumbers(page, current, request.search);
  page.render(
    'company-directory/people',
    {
      title: page.t('directory.title'),
      styles: ['live', 'setup'],
      list: listView(request, { rows, total: people.length }, [
        { label: 'directory.column.number', sort: 'number' },
        { label: 'directory.column.name', sort: 'name' },
        { label: 'directory.column.department', sort: 'department' },
        { label: 'directory.column.state' },
        { label: '' },
      ]),
      values: peopleValues(parts.live.current, page, current),
      slots: slotsOf(current.parking),
      ...others,
      operator: current.operator?.target === undefined ? '' : current.operator.number,
      hasPhone: own !== undefined,
      can: {
        pickUp: current.featureCodes.pickup.isEnabled,
        intercom: current.featureCodes.intercom.isEnabled,
        callBack: current.featureCodes['busy-callback'].isEnabled,
      },
      query: queryOf(page),
      problem: problem && { ...problem, at: isShown(problem.at, rows, others) ? problem.at : '' },
    },
    problem === undefined ? 200 : 409,
  );
}

/** What can be dialled beside people and slots, by its list. */
function otherNumbers(
  page: PageContext,
  current: DirectorySnapshot,
  search: string,
): Readonly<Record<string, readonly { readonly number: string; readonly name: string }[]>> {
  const fits = ({ name, number }: { readonly name: string; readonly number: string }): boolean =>
    `${name} ${number}`.toLowerCase().includes(search.toLowerCase());
  const { code: prefix, isEnabled } = current.featureCodes['speed-dial'];
  return {
    rooms: [...current.conferences.values()].filter(fits),
    groups: [...current.ringGroups.values()].filter((group) => group.number !== '' && fits(group)),
    paging: [...current.pagingGroupsByNumber.values()]
      .filter(fits)
      .map(({ number, name, members }) => ({ number, name, phones: members.length })),
    dials: [...current.speedDials.values()].filter(fits).map(({ code, name, number }) => ({
      ...{ name, number },
      shown: formatNumber(number, page.country, page.language),
      dialled: isEnabled ? prefix + code : '',
    })),
  };
}

/** Slots come and go: what is refused there is said on top. */
function isShown(
  at: string,
  people: readonly { readonly number: string }[],
  others: ReturnType<typeof otherNumbers>,
): boolean {
  const [list = '', number] = at.split(':');
  return (list === 'people' ? people : others[list])?.some((one) => one.number === number) === true;
}

/** The search and the page that a button was on. */
const queryOf = (page: PageContext): string =>
  /\?[\x21-\x7e]+$/.exec(page.req.originalUrl)?.[0] ?? '';

const byColumn =
  (column: 'number' | 'name' | 'department', descending: boolean) =>
  (a: ExtensionConfig, b: ExtensionConfig): number => {
    const [x, y] = [a[column] ?? '', b[column] ?? ''];
    const order = x.localeCompare(y) || a.number.localeCompare(b.number);
    return descending ? -order : order;
  };

/** The own phone rings, and has done what was asked when it is lifted; or is called back. */
async function act(page: PageContext, parts: PeoplePageParts, action: Action): Promise<void> {
  const phone = parts.phoneOf(page.actor);
  if (phone === undefined) throw new AppError('not-found', 'the user has no phone');
  const field = (name: string): string => {
    const typed = page.body[name];
    return typeof typed === 'string' ? typed : '';
  };
  const number = field('number');
  const answer = await parts.desk.ask(action.ask(phone.id, number));
  if (answer.ok) {
    const message = answer.isDialled === true ? ACTIONS.call.done : action.done;
    await page.redirect(PATH + queryOf(page), { message, params: { number } });
    return;
  }
  const detail = answer.detail === '' ? '–' : answer.detail;
  show(page, parts, {
    at: field('at'),
    text: page.t(`desk.refused.${answer.code}`, { detail }),
  });
}
