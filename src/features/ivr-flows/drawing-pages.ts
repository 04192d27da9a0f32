import type { ExitName } from '../../engines/ivr/exits.js';
import { AppError } from '../../kernel/errors.js';
import type { FlowId } from '../../kernel/ids.js';
import type { PageContext, PageRoutes } from '../../web/kit/index.js';
import { change, pointOf, text } from './editor-change.js';
import { addStep, connectExit, placeStep, tidyFlow } from './flow-edit.js';
import type { FlowService } from './flow-service.js';
import { isStepKind } from './flow.js';

const PATH = '/setup/ivr/:id';
const ACCESS = 'flows.edit';

/** Adds what somebody does in the drawing: moving cards, drawing connections, and letting the layout place all again. */
export function addDrawingPages(pages: PageRoutes, service: FlowService): void {
  pages.post(`${PATH}/steps/:step/position`, ACCESS, (page) => move(page, service));
  pages.post(`${PATH}/tidy`, ACCESS, (page) =>
    change(page, service, async (id, version) => {
      await service.edit(page.actor, id, version, tidyFlow);
      return text(page, 'selected');
    }),
  );
  pages.post(`${PATH}/connect`, ACCESS, (page) => connect(page, service));
}

async function move(page: PageContext, service: FlowService): Promise<void> {
  const point = pointOf(page);
  if (point === undefined) throw new AppError('invalid-fields', 'a place has two whole numbers');
  await change(page, service, async (id: FlowId, version) => {
    await service.edit(page.actor, id, version, (flow) =>
      placeStep(flow, page.param('step'), point),
    );
    return text(page, 'selected');
  });
}

/**
 * Leads exits (`key-1+no-input`) of a step elsewhere: to a step, nowhere (''), or to a new step (`+queue`) at the place
 * where the line was dropped. The step '' is the beginning of the flow.
 */
async function connect(page: PageContext, service: FlowService): Promise<void> {
  const exits = text(page, 'exits').split('+') as ExitName[];
  const to = text(page, 'to');
  const kind = to.startsWith('+') ? to.slice(1) : '';
  if (kind !== '' && !isStepKind(kind))
    throw new AppError('invalid-fields', `${kind} is no kind of step`);
  await change(page, service, async (id, version) => {
    let shown = text(page, 'selected');
    await service.edit(page.actor, id, version, (flow) => {
      const lead = (steps: typeof flow, target: string) =>
        exits.reduce((all, exit) => connectExit(all, text(page, 'step'), exit, target), steps);
      if (!isStepKind(kind)) return lead(flow, to);
      const added = addStep(flow, kind, page.t(`flow.kind.${kind}`), undefined);
      shown = added.id;
      const point = pointOf(page);
      const placed = point === undefined ? added.flow : placeStep(added.flow, added.id, point);
      return lead({ ...placed, start: flow.start }, added.id);
    });
    return shown;
  });
}
