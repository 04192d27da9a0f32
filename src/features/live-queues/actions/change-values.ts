import type { LiveQueue } from '../../../telephony/live.js';
import { changeKey, type QueueChange } from '../../../telephony/queue-changes.js';
import { formatDuration, type LiveValue, type LiveViewer } from '../../../web/kit/index.js';
import { endText } from '../../configuration/index.js';
import { queuePath, type BoardSources } from '../board.js';

const ICONS: Readonly<Record<QueueChange['kind'], string>> = {
  opening: 'clock-off',
  'max-wait': 'hourglass',
  helper: 'headset',
};

/** What is changed by hand in a queue, for the strip above its board. */
export function changeValues(
  queue: Pick<LiveQueue, 'id' | 'changes'>,
  at: number,
  { directory }: Pick<BoardSources, 'directory'>,
  viewer: LiveViewer,
): Record<string, LiveValue> {
  const { changes } = queue;
  const values: Record<string, LiveValue> = {
    changes: changes.map(changeKey).join(' '),
    'changes.some': changes.length > 0,
    // A command is done when this is another text.
    'changes.now': changes.map((change) => `${changeKey(change)}@${String(change.at)}`).join(' '),
  };
  for (const change of changes) {
    const key = `change:${changeKey(change)}`;
    values[`${key}.icon`] =
      change.kind === 'opening' && change.isOpen ? 'clock' : ICONS[change.kind];
    values[`${key}.text`] = changeText(
      change,
      directory.current.agents.get(idOf(change))?.name,
      viewer,
    );
    values[`${key}.end`] = endText(change.until, at, viewer);
    values[`${key}.by`] = viewer.t(
      change.why === '' ? 'live-queues.change.by' : 'live-queues.change.by-why',
      { by: change.by, why: change.why },
    );
    values[`${key}.key`] = changeKey(change);
    values[`${key}.action`] = `${queuePath(queue.id)}/undo`;
  }
  return values;
}

const idOf = (change: QueueChange) => (change.kind === 'helper' ? change.agentId : (0 as never));

function changeText(change: QueueChange, agent: string | undefined, { t }: LiveViewer): string {
  switch (change.kind) {
    case 'opening':
      return t(change.isOpen ? 'live-queues.change.open' : 'live-queues.change.closed');
    case 'max-wait':
      return change.maxWaitMs === 0
        ? t('live-queues.change.no-max-wait')
        : t('live-queues.change.max-wait', { time: formatDuration(change.maxWaitMs) });
    case 'helper':
      return t('live-queues.change.helper', { name: agent ?? t('live-queues.an-agent') });
  }
}
