import type { Directory } from '../../telephony/directory.js';
import { AGENT_LOOKS, formatDuration, formatPhone, type PageContext } from '../../web/kit/index.js';
import { reasonName } from '../not-ready-reasons/index.js';
import type { ChoiceGroup, TransferChoice } from './workspace.js';

interface Parts {
  readonly directory: Pick<Directory, 'current'>;
  readonly now: () => number;
}

type Words = Pick<PageContext, 't' | 'language' | 'country' | 'zone' | 'masksNumbers'>;

const ICONS: Readonly<Record<TransferChoice['kind'], string>> = {
  extension: 'device-landline-phone',
  queue: 'users-group',
  flow: 'sitemap',
  number: 'phone-outgoing',
  park: 'parking',
};

/** The list of whom a call can be sent to, in the reader's words. */
export const choicesView = (
  words: Words,
  groups: readonly {
    readonly group: ChoiceGroup;
    readonly choices: readonly TransferChoice[];
  }[],
  query: string,
  parts: Parts,
) => ({
  query: query.trim(),
  isEmpty: groups.length === 0,
  groups: groups.map(({ group, choices }) => ({
    id: `ws-target-${group}`,
    title: words.t(`workspace.target.${group}`),
    choices: choices
      // A number that nobody has typed would stand in the page.
      .filter(({ kind }) => kind !== 'number' || !words.masksNumbers || query.trim() !== '')
      .map((choice) => choiceView(words, choice, parts)),
  })),
});

function choiceView(words: Words, choice: TransferChoice, parts: Parts) {
  const { kind, value, name, number, canBeAsked, state } = choice;
  const { t } = words;
  const shown = formatPhone(number, words);
  return {
    target: `${kind}:${value}`,
    icon: ICONS[kind],
    who: name === '' ? t('workspace.target.dial', { number: shown }) : name,
    number: name === '' || number === '' ? '' : shown,
    canBeAsked,
    ...stateView(words, state, parts),
  };
}

function stateView(words: Words, state: TransferChoice['state'], { directory, now }: Parts) {
  const { t } = words;
  switch (state?.kind) {
    case undefined:
      return { note: '', tone: '' };
    case 'agent': {
      const look = AGENT_LOOKS[state.state];
      const isTold = state.state === 'not-ready' && !['', 'signed-in'].includes(state.reason);
      const reason = isTold
        ? ` · ${reasonName(words, directory.current.notReadyReasons, state.reason)}`
        : '';
      return { note: `${t(look.label)}${reason}`, tone: look.tone, noteIcon: look.icon };
    }
    case 'phone': {
      const tone = { free: 'available', busy: 'talking', away: 'alarm' }[state.is];
      const noteIcon = { free: 'circle-check', busy: 'phone', away: 'plug-connected-x' }[state.is];
      return { note: t(`workspace.target.phone-${state.is}`), tone, noteIcon };
    }
    case 'queue': {
      const { isOpen, free, waiting, longestSince } = state;
      if (!isOpen)
        return { note: t('workspace.target.closed'), tone: 'alarm', noteIcon: 'clock-off' };
      const told = { free, waiting };
      const note =
        longestSince === undefined
          ? t('workspace.target.queue', told)
          : t('workspace.target.queue-wait', {
              ...told,
              time: formatDuration(Math.max(0, now() - longestSince)),
            });
      return free > 0
        ? { note, tone: 'available', noteIcon: 'circle-check' }
        : { note, tone: 'hold', noteIcon: 'hourglass' };
    }
  }
}
