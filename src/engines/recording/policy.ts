/** What somebody says about recording. `default` says nothing. */
export const RECORDING_RULES = ['default', 'always', 'on-demand', 'never'] as const;
export type RecordingRule = (typeof RECORDING_RULES)[number];
export type RecordingMode = Exclude<RecordingRule, 'default'>;
export const RECORDING_MODES = ['always', 'on-demand', 'never'] as const satisfies RecordingMode[];

/**
 * Who says it. `emergency`: the call is one for help. `person`: whoever is outside does not want to be recorded. `consult`: two
 * of us speak about a caller who waits.
 */
export type RecordingVoiceKind =
  'emergency' | 'person' | 'consult' | 'queue' | 'extension' | 'trunk' | 'site';

export interface RecordingVoice {
  readonly by: RecordingVoiceKind;
  /** Name of the queue or trunk, number of the extension; '' for the others. */
  readonly name: string;
  readonly rule: RecordingRule;
}

/** What holds for a talk, and who has said so: those whose word it is, in the order in which they were asked. */
export interface RecordingDecision {
  readonly mode: RecordingMode;
  readonly why: readonly (Omit<RecordingVoice, 'rule'> & { readonly rule: RecordingMode })[];
}

/** The first of these that anybody says holds: a law that forbids is stricter than a rule that demands. */
const STRICTEST_FIRST = ['never', 'always', 'on-demand'] as const satisfies RecordingMode[];

/**
 * Whether a talk is recorded. Everybody concerned has a voice: the strictest wins, "never" before "always" before "on
 * demand"; only where all are silent the site's own rule holds.
 */
export function decideRecording(
  voices: readonly RecordingVoice[],
  site: RecordingMode,
): RecordingDecision {
  for (const mode of STRICTEST_FIRST) {
    const why = voices
      .filter(({ rule }) => rule === mode)
      .map((voice) => ({ ...voice, rule: mode }));
    if (why.length > 0) return { mode, why };
  }
  return { mode: site, why: [{ by: 'site', name: '', rule: site }] };
}

/** Whether the two are said in the same words. */
export const isSameDecision = (
  one: RecordingDecision | undefined,
  other: RecordingDecision,
): boolean => JSON.stringify(one) === JSON.stringify(other);

/** How somebody outside is told that the talk is recorded. `choice`: a key goes on without recording. */
export const RECORDING_NOTICES = ['default', 'none', 'notice', 'choice'] as const;
export type RecordingNotice = (typeof RECORDING_NOTICES)[number];

/** What somebody outside hears before a recording: of several rules the one that says most. */
export function decideNotice(rules: readonly RecordingNotice[]): 'none' | 'notice' | 'choice' {
  if (rules.includes('choice')) return 'choice';
  return rules.includes('notice') ? 'notice' : 'none';
}
