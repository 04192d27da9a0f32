import { wallText } from '../../../engines/routing/wall-clock.js';
import { isPublishable } from '../../../engines/ivr/validation.js';
import { AppError } from '../../../kernel/errors.js';
import type { FlowId, FlowTrialId } from '../../../kernel/ids.js';
import {
  formatPhone,
  formView,
  formWithProblems,
  parseForm,
  type FormView,
  type PageContext,
  type PageRoutes,
} from '../../../web/kit/index.js';
import { flowPath, FLOWS_PATH, problemsView } from '../editor-view.js';
import type { FlowInWork, FlowService } from '../flow-service.js';
import { trialForm, type TrialFormSite } from './trial-form.js';
import type { TrialService } from './trial-service.js';
import { topicOfTrial } from './trial-topic.js';

const PATH = '/setup/ivr/:id/trials';
const ACCESS = 'flows.edit';
const PREFIX = 'flow.trial';

export interface TrialPagesParts {
  readonly service: FlowService;
  readonly trials: TrialService;
  readonly site: TrialFormSite;
}

/** Adds test calls of the draft: which phone rings and what the call pretends; then the editor follows the call. */
export function addTrialPages(pages: PageRoutes, parts: TrialPagesParts): void {
  pages.get(`${PATH}/new`, ACCESS, async (page) => {
    const open = await parts.service.open(page.actor, page.id<FlowId>());
    const { own } = await parts.trials.phones(page.actor);
    const values = { callPhone: own ?? '', callTo: firstNumber(open), callOn: true };
    await show(page, parts, open, formView(formOptions(open), values));
  });
  pages.post(PATH, ACCESS, (page) => start(page, parts));
}

const formOptions = ({ flow }: FlowInWork) => ({
  prefix: PREFIX,
  action: `${flowPath(flow.id)}/trials`,
});

/** A number that leads to the flow, else any. */
function firstNumber({ uses, choices }: FlowInWork): string {
  const own = uses.find(({ kind }) => kind === 'did');
  return own?.name ?? choices.dids[0]?.name ?? '';
}

async function show(
  page: PageContext,
  { trials }: TrialPagesParts,
  open: FlowInWork,
  form: FormView,
  { status = 200, refusal }: { readonly status?: number; readonly refusal?: string } = {},
): Promise<void> {
  const { flow, choices, problems } = open;
  const { all, own } = await trials.phones(page.actor);
  const back = `${flowPath(flow.id)}/edit`;
  page.render(
    'ivr-flows/trial',
    {
      title: page.t('flow.trial.title'),
      crumbs: [
        { label: page.t('flow.title'), href: FLOWS_PATH },
        { label: flow.name, href: back },
      ],
      styles: ['ivr'],
      back,
      form,
      refusal,
      errors: isPublishable(problems)
        ? []
        : problemsView(page, open).filter(({ level }) => level === 'error'),
      phones: all.map(({ number, name }) => ({
        value: number,
        label: page.t(number === own ? 'flow.trial.own-phone' : 'flow.trial.phone', {
          number,
          name,
        }),
      })),
      numbers: choices.dids.map(({ name, label }) => ({
        value: name,
        label: `${formatPhone(name, page)} ${label}`.trim(),
      })),
    },
    status,
  );
}

async function start(page: PageContext, parts: TrialPagesParts): Promise<void> {
  const id = page.id<FlowId>();
  const open = await parts.service.open(page.actor, id);
  const again = (problems: AppError['problems'], refusal?: string): Promise<void> =>
    show(page, parts, open, formWithProblems(page, formOptions(open), problems), {
      status: 422,
      ...(refusal === undefined ? {} : { refusal }),
    });
  const parsed = parseForm(trialForm(parts.site), page.body);
  if (!parsed.ok) return again(parsed.problems);
  try {
    const callerName = page.t('flow.trial.caller-name', { name: page.actor.name });
    const result = await parts.trials.start(page.actor, id, parsed.values, callerName);
    switch (result.kind) {
      case 'ringing':
        return await page.redirect(`${flowPath(id)}/edit?trial=${String(result.id)}`);
      case 'draft-has-errors':
        return await again([]);
      case 'refused':
        return await again([], page.t(`desk.refused.${result.code}`, { detail: result.detail }));
    }
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'invalid-fields') throw error;
    await again(error.problems);
  }
}

/** What the editor shows of the test call that its address names (`?trial=7`); undefined where it names none. */
export async function trialPanel(page: PageContext, { trials, site }: TrialPagesParts) {
  const text = page.query['trial'] ?? '';
  if (!/^[1-9]\d{0,9}$/.test(text)) return undefined;
  const id = page.id<FlowId>();
  const trial = await trials.get(page.actor, id, Number(text) as FlowTrialId).catch(ifGone);
  if (trial === undefined) return undefined;
  const { extension, to, from, moment, handsOver } = trial;
  return {
    id: trial.id,
    topic: topicOfTrial(trial.id),
    phone: extension,
    to: formatPhone(to, page),
    moment,
    handsOver,
    action: `${flowPath(id)}/trials`,
    again: {
      callPhone: extension,
      callTo: to,
      callFrom: from,
      callAt: moment === undefined ? '' : wallText(moment, site.zone),
      callOn: handsOver ? 'on' : '',
    },
  };
}

/** A day later there is nothing to follow any more. */
function ifGone(error: unknown): undefined {
  if (!(error instanceof AppError) || error.code !== 'not-found') throw error;
  return undefined;
}
