import type { DirectorySnapshot, ExtensionConfig } from '../../telephony/directory.js';
import type { LiveExtension, LiveSnapshot } from '../../telephony/live.js';
import { formatPhone, type LiveValues, type LiveViewer } from '../../web/kit/index.js';

/** What a phone dialled last, in words, and what can be done with it: keys that begin with `last.`. */
export function lastDialledValues(
  snapshot: LiveSnapshot | undefined,
  viewer: Pick<LiveViewer, 'country' | 'language' | 'zone' | 'masksNumbers'>,
  {
    extensionsByNumber,
    featureCodes,
  }: Pick<DirectorySnapshot, 'extensionsByNumber' | 'featureCodes'>,
  own: Pick<ExtensionConfig, 'id'>,
): LiveValues {
  const find = (id: ExtensionConfig['id']) => snapshot?.extensions.find((one) => one.id === id);
  const phone = find(own.id);
  const number = phone?.lastDialled ?? '';
  const callee = extensionsByNumber.get(number);
  const canCallBack =
    callee !== undefined &&
    callee.id !== own.id &&
    featureCodes['busy-callback'].isEnabled &&
    phone?.callsBack !== number &&
    isBusy(find(callee.id));
  const name = callee === undefined ? '' : ` ${callee.name}`;
  return {
    'last.text': number === '' ? '' : formatPhone(number, viewer) + name,
    'last.canRedial': number !== '' && featureCodes.redial.isEnabled,
    'last.canCallBack': canCallBack,
  };
}

/** Who is not there is not busy. */
const isBusy = (phone: LiveExtension | undefined): boolean =>
  phone?.registered === true && (phone.use !== undefined || phone.doNotDisturb === true);
