import type { LiveSnapshot } from '../../telephony/live.js';
import type { Directory, ExtensionConfig } from '../../telephony/directory.js';
import type { LiveTopic, LiveValues, LiveViewer } from '../../web/kit/index.js';
import { extensionValues } from '../extensions/index.js';
import type { CallHandlingService } from './call-handling-service.js';
import { lastDialledValues } from './last-dialled.js';

/** What a phone does now, as its page shows it. */
export function phoneValues(
  snapshot: LiveSnapshot | undefined,
  viewer: Pick<LiveViewer, 't' | 'language' | 'country' | 'zone'>,
  { id, number }: Pick<ExtensionConfig, 'id' | 'number'>,
): LiveValues {
  const now = snapshot?.extensions.find((one) => one.id === id);
  return extensionValues(snapshot, viewer, now ?? { id, number, registered: false });
}

/** The topic `my-phone`: the viewer's own phone. Empty for users who have none. */
export const ownPhoneTopic = (
  service: Pick<CallHandlingService, 'ownExtension'>,
  directory: Pick<Directory, 'current'>,
): LiveTopic => ({
  name: 'my-phone',
  access: 'workspace.use',
  values: (snapshot, viewer) => {
    const extension = service.ownExtension(viewer.actor);
    if (extension === undefined) return {};
    return {
      ...phoneValues(snapshot, viewer, extension),
      ...lastDialledValues(snapshot, viewer, directory.current, extension),
    };
  },
});
