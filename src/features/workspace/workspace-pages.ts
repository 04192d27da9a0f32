import { can } from '../../kernel/actor.js';
import type { CallId } from '../../kernel/ids.js';
import type { DeskAnswer, LiveView } from '../../telephony/live.js';
import type { Directory } from '../../telephony/directory.js';
import {
  formatDuration,
  PageRoutes,
  type LiveValues,
  type PageContext,
  type PageData,
} from '../../web/kit/index.js';
import { SKIP_REASONS } from '../../telephony/previews.js';
import { choosableReasons, type NotReadyToday } from '../not-ready-reasons/index.js';
import { deskValues } from './desk-values.js';
import { choicesView } from './choices-view.js';
import { panelsView } from './panels-view.js';
import { addWrapUpPages, wrapUpView } from './wrap-up-pages.js';
import type { WrapUpService } from './wrap-up-service.js';
import type { WorkspaceService } from './workspace-service.js';
import { WORKSPACE_COMMANDS, type WorkspaceCommand } from './workspace.js';

const PATH = '/workspace';
const ACCESS = 'workspace.use';
const PAGE_STYLES = ['workspace', 'scripts', 'call-work'] as const;

export interface WorkspacePageParts {
  readonly service: WorkspaceService;
  readonly wrapUp: WrapUpService;
  readonly notReadyToday: NotReadyToday;
  readonly live: LiveView;
  readonly directory: Pick<Directory, 'current'>;
  readonly now: () => number;
}

/** A command that was refused, shown where it was given. */
interface Problem {
  readonly command: WorkspaceCommand;
  readonly text: string;
  /** What was typed. */
  readonly typed: string;
}

/** The agent's page, what it fetches beside the live values, and its commands. */
export function workspacePages(parts: WorkspacePageParts): PageRoutes {
  const pages = new PageRoutes();
  pages.get(PATH, ACCESS, (page) => showDesk(page, parts));
  pages.get(`${PATH}/panels`, ACCESS, async (page) => {
    const after = page.query['after'] ?? '';
    const isId = /^[0-9A-HJKMNP-TV-Z]{26}$/.test(after);
    const panels = await parts.service.panels(page.actor, isId ? (after as CallId) : undefined);
    page.renderPartial('workspace/panels', panelsView(page, panels));
  });
  pages.get(`${PATH}/targets`, ACCESS, async (page) => {
    const query = page.query['q'] ?? '';
    const groups = await parts.service.choices(page.actor, query, page.t('workspace.park'));
    page.renderPartial('workspace/targets', choicesView(page, groups, query, parts));
  });
  addWrapUpPages(pages, parts.wrapUp);
  for (const command of WORKSPACE_COMMANDS)
    pages.post(`${PATH}/commands/${command}`, ACCESS, (page) => carryOut(page, parts, command));
  return pages;
}

async function showDesk(page: PageContext, parts: WorkspacePageParts, problem?: Problem) {
  const frame: PageData = { title: page.t('workspace.title'), styles: PAGE_STYLES };
  const { agentId } = page.actor;
  if (agentId === undefined) {
    page.render('workspace/no-agent', { ...frame, mayLink: can(page.actor, 'agents.edit') });
    return;
  }
  const { current } = parts.live;
  const [panels, wrapUp] = await Promise.all([
    parts.service.panels(page.actor, undefined),
    parts.wrapUp.form(page.actor),
    parts.notReadyToday.ready(),
  ]);
  const reasonParts = { directory: parts.directory, today: parts.notReadyToday };
  const values = deskValues(current, page, agentId, reasonParts);
  const data = {
    ...frame,
    ...panelsView(page, panels),
    bodyClass: 'ws-page',
    fold: true,
    scripts: ['workspace', 'wrap-up', 'transfer', 'call-work', 'agent-messages'],
    wrapUp: wrapUpView(wrapUp),
    live: values,
    shown: shownTexts(values, parts.now()),
    queueRows: queueRows(values, parts.now()),
    pickupRows: pickupRows(values, parts.now()),
    seat: parts.service.seat(page.actor),
    phones: parts.service.phones(page.actor),
    skipReasons: SKIP_REASONS.map((code) => ({ code, text: page.t(`workspace.skip.${code}`) })),
    refusals: ['campaign', 'all'].map((scope) => ({
      scope,
      text: page.t(`workspace.refuse.${scope}`),
    })),
    reasons: choosableReasons(parts.directory.current.notReadyReasons).map((reason) => ({
      code: reason.code,
      name: reason.names[page.language],
      icon: reason.icon,
      used: values[`reason:${reason.code}.used`],
    })),
    problem,
  };
  page.render('workspace/desk', data, problem ? 409 : 200);
}

/** Scripts ask for JSON; a browser without them gets the page again. */
async function carryOut(page: PageContext, parts: WorkspacePageParts, command: WorkspaceCommand) {
  const input = {
    reason: field(page, 'reason'),
    extension: field(page, 'extension'),
    number: field(page, 'number'),
    from: field(page, 'from'),
    call: field(page, 'call'),
    contact: field(page, 'contact'),
    attempt: field(page, 'attempt'),
    scope: field(page, 'scope'),
    at: field(page, 'at'),
    mine: field(page, 'mine'),
    note: field(page, 'note'),
    target: field(page, 'target'),
  };
  const answer = await parts.service.command(page.actor, command, input);
  const text = answer.ok ? '' : refusalText(page, answer);
  if (page.req.accepts(['html', 'json']) === 'json')
    page.res.status(answer.ok ? 200 : statusOf(answer)).json({ ok: answer.ok, text });
  else if (answer.ok) await page.redirect(PATH);
  else await showDesk(page, parts, { command, text, typed: input.extension || input.number });
}

const field = (page: PageContext, name: string): string => {
  const value = page.body[name];
  return typeof value === 'string' ? value : '';
};

type Refused = Extract<DeskAnswer, { readonly ok: false }>;

const refusalText = (page: PageContext, { code, detail }: Refused): string =>
  page.t(`desk.refused.${code}`, { detail: detail === '' ? '–' : detail });

const statusOf = ({ code }: Refused): number =>
  code === 'pbx-offline' || code === 'calls-not-running' ? 503 : 409;

/** Instants as the page first shows them, until its script lets them tick. */
function shownTexts(values: LiveValues, now: number): Readonly<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const [key, value] of Object.entries(values)) {
    if (typeof value !== 'number') continue;
    if (key.endsWith('Since')) texts[key] = formatDuration(now - value);
    else if (key.endsWith('Until')) texts[key] = formatDuration(value - now);
  }
  return texts;
}

function pickupRows(values: LiveValues, now: number) {
  return String(values['pickups'] ?? '')
    .split(' ')
    .filter((id) => id !== '')
    .map((id) => ({
      ...{ id, who: values[`pickup:${id}.who`], at: values[`pickup:${id}.at`] },
      since: formatDuration(now - Number(values[`pickup:${id}.since`])),
    }));
}

function queueRows(values: LiveValues, now: number) {
  const texts = shownTexts(values, now);
  return String(values['queues'] ?? '')
    .split(' ')
    .filter((id) => id !== '')
    .map((id) => ({
      id,
      name: values[`queue:${id}.name`],
      waiting: values[`queue:${id}.waiting`],
      level: values[`queue:${id}.level`],
      isLate: values[`queue:${id}.isLate`],
      longest: texts[`queue:${id}.longestSince`] ?? '',
    }));
}
