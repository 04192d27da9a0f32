import type { Clock } from '../../kernel/clock.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveView } from '../../telephony/live.js';
import {
  DIRECTION_LOOKS,
  formatWhen,
  type LiveTopicFamily,
  type PageContext,
  type PageRoutes,
} from '../../web/kit/index.js';
import {
  CALL_PHASES,
  callQuery,
  readCallFilter,
  withCalls,
  type CallFilter,
} from './call-filter.js';
import { ALL_CALLS_SHOWN, callValues } from './overview-calls.js';

export const CALLS_NOW_PATH = '/live/calls';
const PREFIX = 'live-calls:';

export interface CallPageParts {
  readonly view: LiveView;
  readonly clock: Clock;
  readonly directory: Pick<Directory, 'current'>;
}

/** Every call of now, filtered. */
export function addCallPages(pages: PageRoutes, parts: CallPageParts): void {
  pages.get(CALLS_NOW_PATH, 'live.read', (page) => {
    show(page, parts, readCallFilter(page.query));
  });
}

function show(
  page: PageContext,
  { view, clock, directory }: CallPageParts,
  filter: CallFilter,
): void {
  const shown = withCalls(view.current, filter, page.masksNumbers);
  const values = callValues(shown, page, ALL_CALLS_SHOWN);
  const query = callQuery(filter);
  const { calls } = values;
  page.render('home/calls', {
    title: page.t('home.calls-now'),
    styles: ['live'],
    values,
    topic: PREFIX + query,
    filter,
    isNarrowed: query !== '',
    path: CALLS_NOW_PATH,
    madeAt: formatWhen(clock.now(), 'seconds', page),
    callIds: typeof calls === 'string' && calls !== '' ? calls.split(' ') : [],
    directions: (['inbound', 'outbound', 'internal'] as const).map((value) => ({
      value,
      label: page.t(DIRECTION_LOOKS[value].label),
    })),
    phases: CALL_PHASES.map((value) => ({ value, label: page.t(`home.phase.${value}`) })),
    queues: [...directory.current.queues.values()]
      .map(({ id, name }) => ({ value: String(id), label: name }))
      .sort((a, b) => a.label.localeCompare(b.label)),
  });
}

/** `live-calls:queue=3`: the rest of the name is the filter as it stands in addresses. */
export const callTopics: LiveTopicFamily = {
  prefix: PREFIX,
  topic: (rest) => {
    const filter = readCallFilter(Object.fromEntries(new URLSearchParams(rest)));
    return {
      name: PREFIX + rest,
      access: 'live.read',
      sharedBy: () => 'all',
      values: (snapshot, viewer) =>
        callValues(
          withCalls(snapshot, filter, viewer.masksNumbers === true),
          viewer,
          ALL_CALLS_SHOWN,
        ),
    };
  },
};
