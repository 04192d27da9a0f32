import type { LiveSnapshot } from '../../telephony/live.js';
import type { LiveTopic, LiveValues, LiveViewer } from '../../web/kit/index.js';
import type { NotReadyToday, ReasonParts } from '../not-ready-reasons/index.js';
import { agentValues } from './overview-agents.js';
import { callValues, trunkValues } from './overview-calls.js';
import { queueValues } from './overview-queues.js';
import type { TodayFigures } from './today-figures.js';
import type { Today } from './today.js';

/** All cells of the overview from what happens now and what became of today's calls. */
export function overviewValues(
  snapshot: LiveSnapshot | undefined,
  today: Today | undefined,
  viewer: LiveViewer,
  reasons: ReasonParts,
): LiveValues {
  return {
    ...queueValues(snapshot, today, viewer),
    ...agentValues(snapshot, viewer, reasons),
    ...callValues(snapshot, viewer),
    ...trunkValues(snapshot, viewer),
    // Drawings that are made on the server are fetched again when this changes.
    'today.revision': today?.readAt ?? null,
    'today.voicemails': today ? today.voicemailsNotHeard : null,
  };
}

/** What `/live` follows. */
export const overviewTopic = (
  figures: TodayFigures,
  reasons: ReasonParts & { readonly today: NotReadyToday },
): LiveTopic => ({
  name: 'overview',
  access: 'live.read',
  sharedBy: () => 'all',
  values: (snapshot, viewer) => overviewValues(snapshot, figures.latest, viewer, reasons),
  onChange: (listener) => {
    const ends = [figures.onChange(listener), reasons.today.onChange(listener)];
    return () => {
      for (const end of ends) end();
    };
  },
});
