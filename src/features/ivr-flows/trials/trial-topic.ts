import { can } from '../../../kernel/actor.js';
import type { FlowTrialId } from '../../../kernel/ids.js';
import {
  formatDuration,
  type LiveTopic,
  type LiveTopicFamily,
  type LiveValue,
  type LiveViewer,
} from '../../../web/kit/index.js';
import { tellStory } from '../../calls/index.js';
import { trialProgress, type TrialState, type TrialView } from './trial-progress.js';

const PREFIX = 'flow-trial:';
export const topicOfTrial = (id: FlowTrialId): string => `${PREFIX}${String(id)}`;

/** Chip and icon of each state. */
const LOOKS: Readonly<Record<TrialState, { readonly icon: string; readonly tone: string }>> = {
  ringing: { icon: 'bell-ringing', tone: 'ringing' },
  unanswered: { icon: 'phone-off', tone: 'off' },
  'in-flow': { icon: 'list-numbers', tone: 'talking' },
  beyond: { icon: 'arrow-right', tone: 'hold' },
  over: { icon: 'circle-check', tone: 'off' },
};

/**
 * How far a test call is: `state`, `icon`, `tone`, `isOver`; `at` and `way`, ids of steps; `lines` with `line:<n>.text` and
 * `.time`; `variables` with `variable:<name>.name` and `.value`; `href` of the call's page, once there is one.
 */
export const trialTopics = (view: TrialView): LiveTopicFamily => ({
  prefix: PREFIX,
  topic: (rest) =>
    /^[1-9]\d{0,9}$/.test(rest) ? trialTopic(view, Number(rest) as FlowTrialId) : undefined,
  onChange: (listener) => view.onChange(listener),
});

const trialTopic = (view: TrialView, id: FlowTrialId): LiveTopic => ({
  name: topicOfTrial(id),
  access: 'flows.edit',
  values: (_snapshot, viewer) => valuesOf(view, id, viewer),
});

function valuesOf(view: TrialView, id: FlowTrialId, viewer: LiveViewer) {
  const news = view.newsOf(id);
  const [first] = news;
  if (first?.kind !== 'ringing') return {};
  const progress = trialProgress(news, first.flow);
  const { state, call, at, way, events, variables } = progress;
  const isOver = state === 'over' || state === 'unanswered';
  const values: Record<string, LiveValue> = {
    ...LOOKS[state],
    state: viewer.t(`flow.trial.state.${state}`),
    isOver,
    at,
    way: way.join(' '),
    href: call !== undefined && isOver && can(viewer.actor, 'calls.read') ? `/calls/${call}` : null,
  };
  const lines = tellStory(events, viewer);
  values['lines'] = lines.map((_line, index) => String(index)).join(' ');
  lines.forEach((line, index) => {
    values[`line:${String(index)}.text`] = line.text;
    values[`line:${String(index)}.time`] = formatDuration(line.offsetMs);
    values[`line:${String(index)}.icon`] = line.icon;
  });
  values['variables'] = Object.keys(variables).join(' ');
  for (const [name, value] of Object.entries(variables)) {
    values[`variable:${name}.name`] = name;
    values[`variable:${name}.value`] = value;
  }
  return values;
}
