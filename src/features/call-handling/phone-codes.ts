import {
  isPermitted,
  type DirectorySnapshot,
  type ExtensionConfig,
} from '../../telephony/directory.js';
import { FEATURE_CODES, type CodeTail, type FeatureName } from '../../telephony/feature-codes.js';
import { slotsOf } from '../../telephony/parking.js';
import type { Translate } from '../../web/kit/index.js';

/** All codes, as they belong together. The texts are `extensions.codes.<group>` in the catalog. */
const GROUPS = [
  {
    group: 'calls',
    names: [
      ...['pickup', 'park', 'intercom', 'speed-dial', 'redial', 'busy-callback'],
      'withhold-number',
    ],
  },
  {
    group: 'handling',
    names: [
      ...['do-not-disturb', 'call-waiting', 'follow-me', 'forward-always', 'forward-busy'],
      ...['forward-no-answer', 'forward-unregistered'],
    ],
  },
  { group: 'messages', names: ['own-mailbox', 'any-mailbox', 'record-name'] },
  {
    group: 'agent',
    names: [
      ...['sign-in-out', 'availability', 'wrap-up-longer', 'disposition'],
      ...['preview-call', 'preview-skip'],
    ],
  },
] as const satisfies readonly {
  readonly group: string;
  readonly names: readonly FeatureName[];
}[];

/** A code as people read it. */
interface CodeInWords {
  readonly code: string;
  readonly label: string;
  /** What may follow it; absent for nothing. */
  readonly tail?: string;
}
interface CodeGroup {
  readonly title: string;
  readonly codes: readonly CodeInWords[];
}

/** The codes that are on and that do something at this phone, by group; without those for agents where it is no agent's. */
export function phoneCodes(
  t: Translate,
  directory: DirectorySnapshot,
  extension: ExtensionConfig,
  isAgents: boolean,
): readonly CodeGroup[] {
  const { featureCodes, recording } = directory;
  const groups = GROUPS.map(({ group, names }) => ({
    title: t(`extensions.codes.${group}`),
    codes: (names as readonly FeatureName[])
      .filter((name) => featureCodes[name].isEnabled)
      .filter(() => group !== 'agent' || isAgents)
      .filter((name) => isUseful(name, directory, extension))
      .map((name) => inWords(t, name, featureCodes[name].code)),
  }));
  const inTalk = {
    title: t('extensions.codes.recording'),
    codes: (['record', 'pause'] as const).map((name) => ({
      code: recording.codes[name],
      label: t(`extensions.codes.recording.${name}`),
    })),
  };
  return [...groups, inTalk].filter(({ codes }) => codes.length > 0);
}

function inWords(t: Translate, name: FeatureName, code: string): CodeInWords {
  const label = t(`feature-codes.${name}`);
  const tail: CodeTail = FEATURE_CODES[name].tail;
  if (tail === 'none' || name === 'do-not-disturb') return { code, label };
  return { code: `${code} …`, label, tail: t(`feature-codes.tail.${tail}`) };
}

/** False where the code would only say that it does nothing here. */
function isUseful(
  name: FeatureName,
  directory: DirectorySnapshot,
  { voicemail, permission }: ExtensionConfig,
): boolean {
  switch (name) {
    case 'own-mailbox':
      return voicemail;
    case 'park':
      return slotsOf(directory.parking).length > 0;
    case 'withhold-number':
      return isPermitted(permission, 'local');
    default:
      return true;
  }
}
