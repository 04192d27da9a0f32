import type { FlowId } from '../../kernel/ids.js';

/** An entry of the audit log about a flow. */
export const about = (action: string, id: FlowId, name: string) => ({
  action,
  objectKind: 'flow',
  objectId: String(id),
  objectName: name,
});
