import type { Scope } from '../../../kernel/scope.js';
import type { Call } from '../../calls/call.js';
import { askKey } from '../../calls/prompts.js';
import type { CallServices } from '../../calls/services.js';
import { ended, type Stage, type StageOf } from '../../calls/stage.js';
import type { LiveInvite } from '../../live.js';

/** How long somebody may need to a phone. */
const RING_MS = 45_000;
/** The key by which somebody outside comes in, as the prompt says. */
const JOIN_KEY = '1';
const KEY_LIMIT_MS = 8_000;
const TIMES_ASKED = 2;
/** So long a page shows that somebody will not come. */
const SHOWN_MS = 15_000;

/** A room calls somebody, who comes in by answering, from outside by a key. */
export async function conferenceInviteStage(
  s: CallServices,
  call: Call,
  stage: StageOf<'conference-invite'>,
): Promise<Stage> {
  const { guest, room: id, by, confirms } = stage;
  const room = s.rooms.of(id, call.ari);
  const since = stage.dialledAt ?? call.clock.now();
  const show = (state: LiveInvite['state']): void => {
    room.showInvite(call.id, { call: call.id, ...guest, since, state });
  };
  const hide = (): void => {
    room.showInvite(call.id, undefined);
  };
  let joins = false;
  call.other = guest.number;
  return call.scope.run('invite', async (scope) => {
    scope.defer(() => {
      if (joins || s.server.cancelled) {
        hide();
        return;
      }
      show(outcomeOf(call));
      s.server.fork('what became of an invitation', async (within) => {
        await call.clock.sleep(SHOWN_MS, within.signal);
        hide();
      });
    });
    show('ringing');
    const name = s.directory.current.conferences.get(id)?.name ?? '';
    if (stage.dialledAt === undefined)
      call.record({ kind: 'conference-invited', conferenceId: id, name, by });
    await answered(scope, call, stage);
    if (!call.answered) call.record({ kind: 'leg-answered', leg: call.channel });
    call.answered = true;
    call.save();
    if (confirms) {
      show('asked');
      if (!(await isTaken(scope, s, call)))
        return ended('no-answer', 'callee', 19, 'invitation-not-taken');
    }
    joins = true;
    return { kind: 'conference', room: id, role: 'guest', invited: guest };
  });
}

/** Resolves when somebody has answered; the end of the channel ends the call. */
async function answered(
  scope: Scope,
  call: Call,
  stage: StageOf<'conference-invite'>,
): Promise<void> {
  if (call.answered) return;
  const { channel } = call;
  const states = call.ari.events.inbox(scope, channel, ['ChannelStateChange']);
  if (stage.dialledAt === undefined) {
    call.enter({ ...stage, dialledAt: call.clock.now() });
    await call.ari.dial(channel, RING_MS);
  } else {
    const channels = await call.ari.listChannels();
    if (channels.find(({ id }) => id === channel)?.state === 'Up') return;
  }
  while ((await states.next(scope)).state !== 'Up');
}

async function isTaken(scope: Scope, s: CallServices, call: Call): Promise<boolean> {
  const question = s.prompts.named('conference-invited', call);
  for (let times = 0; times < TIMES_ASKED; times++)
    if ((await askKey(scope, call, question, KEY_LIMIT_MS)) === JOIN_KEY) return true;
  return false;
}

/** Q.850: 17 is busy; 16 and 19: nobody took it. */
function outcomeOf({ hangupCause }: Call): LiveInvite['state'] {
  if (hangupCause === 17) return 'busy';
  return hangupCause === 16 || hangupCause === 19 ? 'no-answer' : 'failed';
}
