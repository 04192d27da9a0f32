import type { Actor } from '../../kernel/actor.js';
import { AppError } from '../../kernel/errors.js';
import { formatNumber } from '../../kernel/numbers.js';
import type { Directory, ExtensionConfig } from '../../telephony/directory.js';
import type { Desk, LiveView } from '../../telephony/live.js';
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

/** The page of everybody and everything that can be dialled inside. */
export function addPeoplePages(pages: PageRoutes, parts: PeoplePageParts): void {
  pages
    .get(PATH, ACCESS, (page) => {
      show(page, parts);
    })
    .post(`${PATH}/call`, ACCESS, (page) => call(page, parts));
}

function show(page: PageContext, parts: PeoplePageParts, problem?: string): void {
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
  const fits = ({ name, number }: { readonly name: string; readonly number: string }): boolean =>
    `${name} ${number}`.toLowerCase().includes(request.search.toLowerCase());
  const { code: prefix, isEnabled } = current.featureCodes['speed-dial'];
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
      rooms: [...current.conferences.values()].filter(fits),
      groups: [...current.ringGroups.values()].filter(
        (group) => group.number !== '' && fits(group),
      ),
      dials: [...current.speedDials.values()].filter(fits).map(({ code, name, number }) => ({
        ...{ name, number },
        shown: formatNumber(number, page.country, page.language),
        dialled: isEnabled ? prefix + code : '',
      })),
      operator: current.operator?.target === undefined ? '' : current.operator.number,
      hasPhone: own !== undefined,
      problem,
    },
    problem === undefined ? 200 : 409,
  );
}

const byColumn =
  (column: 'number' | 'name' | 'department', descending: boolean) =>
  (a: ExtensionConfig, b: ExtensionConfig): number => {
    const [x, y] = [a[column] ?? '', b[column] ?? ''];
    const order = x.localeCompare(y) || a.number.localeCompare(b.number);
    return descending ? -order : order;
  };

/** The own phone rings; when it is lifted, the number is dialled. */
async function call(page: PageContext, parts: PeoplePageParts): Promise<void> {
  const phone = parts.phoneOf(page.actor);
  if (phone === undefined) throw new AppError('not-found', 'the user has no phone');
  const typed = page.body['number'];
  const number = typeof typed === 'string' ? typed : '';
  const answer = await parts.desk.ask({ kind: 'phone-dial', extensionId: phone.id, number });
  if (answer.ok) {
    await page.redirect(PATH, { message: 'directory.calling', params: { number } });
    return;
  }
  const detail = answer.detail === '' ? '–' : answer.detail;
  show(page, parts, page.t(`desk.refused.${answer.code}`, { detail }));
}
