/** What may follow a code; all but a short code may also be left out. */
export type CodeTail = 'none' | 'availability' | 'key' | 'number' | 'extension' | 'short-code';

interface CodeKind {
  /** What is dialled where nobody has changed it. */
  readonly code: string;
  readonly tail: CodeTail;
}

/** What phones can do by dialling a code. The texts are `feature-codes.<name>` in the catalog. */
export const FEATURE_CODES = {
  /** Signs the agent of this phone in, or out. */
  'sign-in-out': { code: '*11', tail: 'none' },
  /** Available, or not ready; with the digit of a not-ready reason: not ready for this reason. The own agent number changes nothing. */
  availability: { code: '*12', tail: 'availability' },
  /** More time for the wrap-up. */
  'wrap-up-longer': { code: '*13', tail: 'none' },
  /** What the agent's call of now, or of a moment ago, came to: the disposition with this key. */
  disposition: { code: '*14', tail: 'key' },
  /** Calls whose record this phone's agent looks at. */
  'preview-call': { code: '*21', tail: 'none' },
  /** Does not call them now: somebody else comes next. */
  'preview-skip': { code: '*22', tail: 'none' },
  /** The own extension changes nothing: a lamp key dials what it watches. */
  'do-not-disturb': { code: '*78', tail: 'extension' },
  'call-waiting': { code: '*43', tail: 'none' },
  'follow-me': { code: '*95', tail: 'none' },
  'forward-always': { code: '*72', tail: 'number' },
  'forward-busy': { code: '*90', tail: 'number' },
  'forward-no-answer': { code: '*92', tail: 'number' },
  'forward-unregistered': { code: '*94', tail: 'number' },
  /** Takes a call that rings at a colleague's phone: of the same group, or at the extension that follows. */
  pickup: { code: '*8', tail: 'extension' },
  /** Parks the call that this phone has on hold, or sends on to the code. */
  park: { code: '*5', tail: 'none' },
  /** Speaks to a colleague's phone, which answers by itself. */
  intercom: { code: '*80', tail: 'extension' },
  'speed-dial': { code: '*0', tail: 'short-code' },
  /** Dials the number that follows without showing ours. */
  'withhold-number': { code: '*31', tail: 'number' },
  /** Dials what this phone dialled last. */
  redial: { code: '*66', tail: 'none' },
  /** Calls back when the extension that this phone dialled last is free; once more takes that back. */
  'busy-callback': { code: '*37', tail: 'none' },
  /** Records the name of this phone's owner, for callers who ask for it. */
  'record-name': { code: '*96', tail: 'none' },
  /** Listens to the messages of this phone. */
  'own-mailbox': { code: '*97', tail: 'none' },
  /** Asks for a mailbox and its PIN. */
  'any-mailbox': { code: '*98', tail: 'none' },
} as const satisfies Record<string, CodeKind>;
export type FeatureName = keyof typeof FEATURE_CODES;
export const FEATURE_NAMES = Object.keys(FEATURE_CODES) as readonly FeatureName[];

/** A code as it is configured. */
export interface FeatureCode {
  readonly code: string;
  readonly isEnabled: boolean;
}
export type FeatureCodes = Readonly<Record<FeatureName, FeatureCode>>;

/** The codes where nobody has changed any. */
export const DEFAULT_CODES: FeatureCodes = Object.fromEntries(
  FEATURE_NAMES.map((name) => [name, { code: FEATURE_CODES[name].code, isEnabled: true }]),
) as FeatureCodes;

/** What is dialled for a feature; '' where it is switched off. */
export const dialledCode = (codes: FeatureCodes, name: FeatureName): string =>
  codes[name].isEnabled ? codes[name].code : '';

/** A star first, so that no code is taken for a number, and no hash: phones take that for "dial now". */
export const CODE_FORM = /^\*\d{1,6}$/;

/** A code that was dialled, and what followed it. */
export interface DialledCode {
  readonly name: FeatureName;
  readonly rest: string;
}

const TAILS: Readonly<Record<CodeTail, RegExp>> = {
  none: /^$/,
  availability: /^\d{0,10}$/,
  key: /^\d{0,3}$/,
  number: /^(\+?\d{1,20})?$/,
  extension: /^([1-9]\d{1,7})?$/,
  'short-code': /^\d{2,3}$/,
};
/** How what follows a code begins: a longer code may itself be followed by something. */
const TAIL_BEGINNINGS: Readonly<Record<CodeTail, RegExp>> = {
  ...TAILS,
  number: /^\+?\d{0,20}$/,
  extension: /^([1-9]\d{0,7})?$/,
  'short-code': /^\d{0,3}$/,
};

/** The code that digits begin with; the longest, where one begins with another. A hash key at the end says no more than "done". */
export function readCode(codes: FeatureCodes, digits: string): DialledCode | undefined {
  const dialled = digits.replace(/[\s().-]/g, '').replace(/#$/, '');
  const found = FEATURE_NAMES.filter((name) => {
    const { code, isEnabled } = codes[name];
    return (
      isEnabled &&
      dialled.startsWith(code) &&
      TAILS[FEATURE_CODES[name].tail].test(dialled.slice(code.length))
    );
  }).sort((a, b) => codes[b].code.length - codes[a].code.length)[0];
  return found && { name: found, rest: dialled.slice(codes[found].code.length) };
}

/** Two codes of which somebody who dials one of them may get the other. */
export interface CodeConflict {
  readonly name: FeatureName;
  readonly other: FeatureName;
}

/** Conflicts of a feature's code with others: the same code, or one that reads as another with what may follow it. */
export function conflictsOf(codes: FeatureCodes): readonly CodeConflict[] {
  const inUse = FEATURE_NAMES.filter((name) => codes[name].isEnabled);
  return inUse.flatMap((name, at) =>
    inUse
      .slice(0, at)
      .filter((other) => hides(codes, name, other) || hides(codes, other, name))
      .map((other) => ({ name, other })),
  );
}

/** True where the code of `longer` may be meant as `shorter` with something behind it. */
function hides(codes: FeatureCodes, longer: FeatureName, shorter: FeatureName): boolean {
  const [long, short] = [codes[longer].code, codes[shorter].code];
  const tails = FEATURE_CODES[longer].tail === 'none' ? TAILS : TAIL_BEGINNINGS;
  return (
    long.startsWith(short) && tails[FEATURE_CODES[shorter].tail].test(long.slice(short.length))
  );
}
