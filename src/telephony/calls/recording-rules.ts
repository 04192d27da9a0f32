import {
  decideNotice,
  decideRecording,
  type RecordingDecision,
  type RecordingVoice,
} from '../../engines/recording/policy.js';
import type { Direction } from '../../kernel/call-event.js';
import type { ExtensionId, QueueId, TrunkId } from '../../kernel/ids.js';
import type { DirectorySnapshot } from '../directory.js';
import { isHelpNumber } from '../emergency.js';
import type { Call } from './call.js';
import type { CallServices } from './services.js';
import type { TalkPartner } from './stage.js';

/** Who talks, as far as recording is concerned. */
interface Talkers {
  readonly direction: Direction;
  readonly queueId: QueueId | undefined;
  readonly extensions: readonly ExtensionId[];
  readonly trunks: readonly TrunkId[];
}

type Told = Pick<CallServices, 'directory' | 'country'>;

/** Whether the talk of these is recorded: the partner, others in a conference, and whom the call is about. */
export function recordingDecision(
  { directory, country }: Told,
  call: Call,
  partner: TalkPartner,
  others: readonly TalkPartner[] = [],
): RecordingDecision {
  const { current } = directory;
  const talkers = talkersOf(current, call, partner, others);
  const isEmergency = [partner, ...others].some(
    ({ role, number }) => role === 'outside' && isHelpNumber(current.emergency, number, country),
  );
  const voices: RecordingVoice[] = [
    ...(isEmergency ? [{ by: 'emergency', name: '', rule: 'never' } as const] : []),
    ...(call.facts.enquiry === undefined
      ? []
      : [{ by: 'consult', name: '', rule: 'never' } as const]),
    ...(call.recordingDeclined ? [{ by: 'person', name: '', rule: 'never' } as const] : []),
    ...voicesOf(current, talkers),
  ];
  return decideRecording(voices, current.recording.site[talkers.direction]);
}

function voicesOf(
  { queues, extensions, trunks }: DirectorySnapshot,
  talkers: Talkers,
): RecordingVoice[] {
  const queue = talkers.queueId === undefined ? undefined : queues.get(talkers.queueId);
  return [
    ...(queue === undefined ? [] : [{ by: 'queue', name: queue.name, rule: queue.recording }]),
    ...talkers.extensions.flatMap((id) => {
      const extension = extensions.get(id);
      if (extension === undefined) return [];
      const { number, recording } = extension;
      return [{ by: 'extension', name: number, rule: recording[talkers.direction] }];
    }),
    ...talkers.trunks.flatMap((id) => {
      const trunk = trunks.get(id);
      return trunk === undefined ? [] : [{ by: 'trunk', name: trunk.name, rule: trunk.recording }];
    }),
  ] as RecordingVoice[];
}

function talkersOf(
  { trunks }: DirectorySnapshot,
  call: Call,
  partner: TalkPartner,
  others: readonly TalkPartner[],
): Talkers {
  const { facts } = call;
  const people = [partner, ...others];
  const atAnchor = call.extensionAtAnchor;
  const extensions = new Set(
    [atAnchor, ...people.map(({ extensionId }) => extensionId)].filter((id) => id !== undefined),
  );
  // Whoever is at another telephone system of the house is a colleague.
  const isOutside = people.some(
    ({ role, trunkId }) =>
      role === 'outside' && (trunkId === undefined || trunks.get(trunkId)?.pbx === undefined),
  );
  return {
    // A colleague's call that was sent on to somebody outside.
    direction: facts.direction === 'internal' && isOutside ? 'outbound' : facts.direction,
    queueId: partner.queueId,
    extensions: [...extensions],
    trunks: [...new Set(call.trunks)],
  };
}

/** How whoever is outside is told that the talk is recorded: at the number `outside`. */
export function recordingNotice(
  { directory }: Pick<CallServices, 'directory'>,
  call: Call,
  queueId: QueueId | undefined,
  outside: string,
): 'none' | 'notice' | 'choice' {
  const { queues, trunks, recording } = directory.current;
  const queue = queueId === undefined ? undefined : queues.get(queueId);
  const prefix = recording.prefixes
    .filter((one) => outside.startsWith(one.prefix))
    .reduce<(typeof recording.prefixes)[number] | undefined>(
      (longest, one) =>
        longest === undefined || one.prefix.length > longest.prefix.length ? one : longest,
      undefined,
    );
  return decideNotice([
    queue?.recordingNotice ?? 'default',
    ...call.trunks.map((id) => trunks.get(id)?.recordingNotice ?? 'default'),
    prefix?.notice ?? 'default',
  ]);
}
