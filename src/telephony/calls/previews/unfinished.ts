import type { Clock } from '../../../kernel/clock.js';
import type { CallId } from '../../../kernel/ids.js';
import type { Scope } from '../../../kernel/scope.js';
import type { CampaignStore } from '../../campaigns.js';
import type { FollowUpStore } from '../../follow-ups.js';
import type { AttemptBook } from './attempt-book.js';
import type { Promises } from './promises.js';

/** After a restart a call that was under way is taken for over when it has not come back within this time. */
const ADOPTION_MS = 15_000;
const LOOK_MS = 1_000;

interface UnfinishedParts {
  readonly clock: Clock;
  readonly store: Pick<CampaignStore, 'unfinished'>;
  readonly followUps: Pick<FollowUpStore, 'takenUp'>;
  readonly callNow: (call: CallId) => 'trying' | 'talking' | undefined;
}

/**
 * What a former process left: records that agents looked at go back as they were; calls that live on settle themselves, and
 * those that do not come back have failed.
 */
export async function takeUpUnfinished(
  scope: Scope,
  { clock, store, followUps, callNow }: UnfinishedParts,
  book: Pick<AttemptBook, 'promise' | 'known' | 'isSettled' | 'settle'>,
  promises: Pick<Promises, 'hold'>,
): Promise<void> {
  const attempts = await store.unfinished();
  for (const { followUp, attempt, result } of await followUps.takenUp()) {
    promises.hold(followUp);
    book.promise(attempt, followUp);
    if (result !== undefined) book.known(attempt, result);
  }
  const until = clock.now() + ADOPTION_MS;
  for (const { lead, mode, callId } of attempts) {
    const { attempt } = lead;
    if (mode !== 'preview' && mode !== 'appointment') continue;
    const end = (result: 'failed' | 'human'): void => {
      book.settle(attempt, {
        result,
        ...(result === 'failed' ? { endedAt: clock.now() } : {}),
      });
    };
    if (callId === undefined) end('failed');
    else
      scope.fork('attempt after a restart', async (s) => {
        while (!book.isSettled(attempt)) {
          const now = callNow(callId);
          // Answered in the moment of the restart: nobody told us.
          if (now === 'talking') end('human');
          else if (now === undefined && clock.now() >= until) end('failed');
          else await clock.sleep(LOOK_MS, s.signal);
        }
      });
  }
}
