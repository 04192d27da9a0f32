import type { InCallCodes } from '../engines/recording/control.js';
import type { RecordingMode, RecordingNotice, RecordingRule } from '../engines/recording/policy.js';
import type { Direction } from '../kernel/call-event.js';

/** What an extension says about recording, by where a call comes from or goes to. */
export type RecordingByDirection = Readonly<Record<Direction, RecordingRule>>;

export const NO_RECORDING_RULES: RecordingByDirection = {
  inbound: 'default',
  outbound: 'default',
  internal: 'default',
};

/** People at numbers that begin so are told, whatever queue or trunk it is. */
export interface NoticePrefix {
  /** Begins with `+`. */
  readonly prefix: string;
  readonly notice: Extract<RecordingNotice, 'notice' | 'choice'>;
}

/** What holds for the whole site. */
export interface RecordingSettings {
  /** Where nobody else says anything. */
  readonly site: Readonly<Record<Direction, RecordingMode>>;
  /** A pause ends by itself after so long. */
  readonly maxPauseMs: number;
  /** Pressed by phones during a talk. */
  readonly codes: InCallCodes;
  readonly prefixes: readonly NoticePrefix[];
}

export const DEFAULT_RECORDING: RecordingSettings = {
  site: { inbound: 'always', outbound: 'always', internal: 'never' },
  maxPauseMs: 180_000,
  codes: { record: '*1', pause: '*2' },
  prefixes: [],
};
