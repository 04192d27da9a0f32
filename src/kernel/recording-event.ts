import type { AgentId, ChannelId } from './ids.js';

/** What was decided about the recording of a talk, what people outside were told, and what those in it asked for. */
export type RecordingEventBody =
  /** Whether the talk is recorded, and who has said so. */
  | {
      readonly kind: 'recording-decided';
      readonly mode: 'always' | 'on-demand' | 'never';
      /** `by`: emergency, person, queue, extension, trunk or site; `name` of it, '' where there is none. */
      readonly why: readonly { readonly by: string; readonly name: string }[];
    }
  /** Whoever is at `leg` was told that the talk is recorded; `declined` by a key where there was a choice. */
  | {
      readonly kind: 'recording-told';
      readonly leg: ChannelId;
      readonly how: 'notice' | 'choice';
      readonly answer: 'stayed' | 'declined';
    }
  /** Somebody in a talk that is recorded on demand began or ended it. */
  | {
      readonly kind: 'recording-switched';
      readonly isOn: boolean;
      readonly via: 'page' | 'phone';
      readonly by: ChannelId;
      readonly agentId?: AgentId;
    }
  /** Nothing is recorded from here on; `until`: the pause ends by itself. */
  | {
      readonly kind: 'recording-paused';
      readonly until: number;
      readonly via: 'page' | 'phone';
      readonly by: ChannelId;
      readonly agentId?: AgentId;
    }
  /** The pause is over. limit: by itself · stopped: the recording was ended in it. */
  | {
      readonly kind: 'recording-resumed';
      readonly why: 'asked' | 'limit' | 'stopped';
      readonly pausedMs: number;
      readonly by?: ChannelId;
      readonly agentId?: AgentId;
    };
