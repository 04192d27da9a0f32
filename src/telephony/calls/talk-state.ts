import type { TalkState } from '../../engines/talk/talk.js';
import type { ChannelId } from '../../kernel/ids.js';
import type { StageOf } from './stage.js';

/** Who is in a talk, from what the journal keeps of it. */
export const talkStateOf = (
  { partner, others = [], hold, consult }: StageOf<'talk'>,
  anchor: ChannelId,
): TalkState => ({
  ...{ anchor, partner, others },
  ...(hold === undefined ? {} : { hold }),
  ...(consult === undefined ? {} : { consult }),
});

/** The stage of a talk with these people in it, recorded as it was or as given. */
export const withTalkState = (
  stage: StageOf<'talk'>,
  { partner, others, hold, consult }: TalkState,
  { recording, recordingRule }: Pick<StageOf<'talk'>, 'recording' | 'recordingRule'> = stage,
): StageOf<'talk'> => ({
  ...{ kind: stage.kind, partner, bridge: stage.bridge },
  ...(stage.connectedAt === undefined ? {} : { connectedAt: stage.connectedAt }),
  ...(others.length === 0 ? {} : { others }),
  ...(hold === undefined ? {} : { hold }),
  ...(consult === undefined ? {} : { consult }),
  ...(recording === undefined ? {} : { recording }),
  ...(recordingRule === undefined ? {} : { recordingRule }),
});
