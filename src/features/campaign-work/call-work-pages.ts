import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.js';
import { AppError } from '../../kernel/errors.js';
import { wallText } from '../../engines/routing/wall-clock.js';
import type { Directory } from '../../telephony/directory.js';
import {
  formView,
  formWithProblems,
  PageRoutes,
  parseForm,
  type FormView,
  type PageContext,
} from '../../web/kit/index.js';
import {
  bookingOptions,
  bookingSchema,
  lineView,
  zonesOf,
  type FollowUpQuery,
  type FollowUpService,
} from '../follow-ups/index.js';
import { TRUTHS, type CallWork, type MachineTruth } from './call-work.js';
import type { CallWorkService } from './call-work-service.js';
import { dayView, workView, type Refused } from './call-work-view.js';

const PATH = '/workspace/call-work';
const ACCESS = 'workspace.use';
const SHOWN_DUE = 6;
const HOUR_MS = 3_600_000;
/** The reader's own open ones, the first due first. */
const MINE: FollowUpQuery = {
  shown: 'open',
  whose: 'mine',
  search: '',
  sortBy: 'due',
  descending: false,
  offset: 0,
  limit: SHOWN_DUE,
  kind: undefined,
  campaignId: undefined,
  agentId: undefined,
  contactId: undefined,
};
const BOOKING = { prefix: 'follow-ups.form', action: `${PATH}/book` };

export interface CallWorkPageParts {
  readonly service: CallWorkService;
  readonly followUps: FollowUpService;
  readonly directory: Pick<Directory, 'current'>;
  readonly clock: Clock;
}

/** What is not as it was sent, and what the agent is told. */
interface Told {
  readonly refused?: Refused;
  readonly booking?: FormView;
  readonly notice?: string;
}

/** The panel of a call on the agent's page, and what is done there. Each answers with the panel as it is then. */
export function callWorkPages(parts: CallWorkPageParts): PageRoutes {
  const { service } = parts;
  return new PageRoutes()
    .get(PATH, ACCESS, (page) => answer(page, parts))
    .post(`${PATH}/way`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        const typed = typedAnswers(page);
        const way = Number(field(page, 'way') || '-1');
        const picked = { stamp: field(page, 'stamp'), way };
        const problems = await service.take(page.actor, field(page, 'call'), picked, typed);
        return problems.length === 0 ? {} : { refused: { problems, typed } };
      }),
    )
    .post(`${PATH}/keep`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        const typed = typedAnswers(page);
        const [call, stamp] = [field(page, 'call'), field(page, 'stamp')];
        const problems = await service.keep(page.actor, call, stamp, typed);
        return problems.length === 0 ? {} : { refused: { problems, typed } };
      }),
    )
    .post(`${PATH}/back`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        await service.back(page.actor, field(page, 'call'));
        return {};
      }),
    )
    .post(`${PATH}/do-not-call`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        const scope = field(page, 'scope') === 'campaign' ? 'campaign' : 'all';
        await service.doNotCall(page.actor, field(page, 'call'), scope);
        return { notice: page.t(`call-work.blocked.told.${scope}`) };
      }),
    )
    .post(`${PATH}/call-again`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        await service.callAgain(page.actor, field(page, 'call'));
        return { notice: page.t('call-work.blocked.taken-back') };
      }),
    )
    .post(`${PATH}/truth`, ACCESS, (page) =>
      carryOut(page, parts, async () => {
        const truth: MachineTruth | '' = TRUTHS.find((one) => one === field(page, 'truth')) ?? '';
        await service.truth(page.actor, field(page, 'call'), truth);
        return { notice: page.t(`call-work.truth.told.${truth === '' ? 'none' : truth}`) };
      }),
    )
    .post(`${PATH}/book`, ACCESS, (page) => carryOut(page, parts, () => book(page, parts)));
}

const field = (page: PageContext, name: string): string => {
  const value = page.body[name];
  return typeof value === 'string' ? value : '';
};

/** Fields of questions are called `q.<key>`. */
const typedAnswers = (page: PageContext): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(page.body).flatMap(([name, value]): [string, string][] =>
      name.startsWith('q.') && typeof value === 'string' ? [[name.slice(2), value]] : [],
    ),
  );

const bookingHere = bookingSchema.omit({ contact: true });

async function book(page: PageContext, { service }: CallWorkPageParts): Promise<Told> {
  const parsed = parseForm(bookingHere, page.body);
  if (!parsed.ok) return { booking: formWithProblems(page, BOOKING, parsed.problems) };
  const values: z.output<typeof bookingHere> = parsed.values;
  try {
    await service.book(page.actor, field(page, 'call'), values);
    return { notice: page.t('follow-ups.booked') };
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    return { booking: formWithProblems(page, BOOKING, error.problems) };
  }
}

async function carryOut(
  page: PageContext,
  parts: CallWorkPageParts,
  act: () => Promise<Told>,
): Promise<void> {
  let told: Told;
  try {
    told = await act();
  } catch (error) {
    if (!(error instanceof AppError) || !['conflict', 'invalid-fields'].includes(error.code))
      throw error;
    const key = error.problems[0]?.message ?? 'call-work.problem.over';
    return answer(page, parts, { notice: page.t(key) }, error.code === 'conflict' ? 409 : 422);
  }
  if (!page.isPartial) return page.redirect('/workspace');
  const isWrong = told.refused !== undefined || told.booking !== undefined;
  return answer(page, parts, told, isWrong ? 422 : 200);
}

async function answer(
  page: PageContext,
  parts: CallWorkPageParts,
  told: Told = {},
  status = 200,
): Promise<void> {
  const { service, followUps, directory, clock } = parts;
  const work = await service.work(page.actor);
  const [day, due] = await Promise.all([
    service.dayResults(page.actor),
    followUps.list(page.actor, MINE),
  ]);
  const { dispositions } = directory.current;
  const now = clock.now();
  page.renderPartial(
    'call-work/answer',
    {
      notice: told.notice,
      work: work && workView(page, work, dispositions, told.refused),
      booking: work && (await bookingView(page, parts, work, told.booking)),
      day: dayView(page, day, dispositions),
      due: due.rows.map((line) => ({
        ...lineView(page, line, now),
        dueAtMs: line.dueAt.getTime(),
      })),
      dueTotal: due.total,
    },
    status,
  );
}

async function bookingView(
  page: PageContext,
  { followUps, clock }: CallWorkPageParts,
  { contact, attempt }: CallWork,
  refused: FormView | undefined,
) {
  if (contact === undefined) return undefined;
  const dialled = contact.numbers.find(({ number }) => number === attempt?.number);
  const number = dialled ?? contact.numbers.find(({ isDead }) => !isDead) ?? contact.numbers[0];
  if (number === undefined) return undefined;
  const [zone] = zonesOf(contact, number.number, page.zone);
  const soon = wallText(Math.ceil((clock.now() + 1) / HOUR_MS) * HOUR_MS, zone);
  const form =
    refused ??
    formView(BOOKING, {
      ...{ kind: 'callback', whom: 'me', note: '', number: number.position },
      ...{ day: soon.slice(0, 10), time: soon.slice(11, 16) },
    });
  return {
    form,
    isOpen: refused !== undefined,
    ...bookingOptions(page, await followUps.options(page.actor), contact),
  };
}
