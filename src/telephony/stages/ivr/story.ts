import type { FlowTrace } from '../../../engines/ivr/effects.js';
import type { FlowState } from '../../../engines/ivr/state.js';
import { covered, isHidden } from '../../../engines/ivr/variables.js';
import { DRAFT_VERSION } from '../../../kernel/call-event.js';
import type { FlowId } from '../../../kernel/ids.js';
import type { Call } from '../../calls/call.js';
import { withInput } from '../../calls/call-context.js';
import type { FlowConfig } from '../../directory.js';

/** Tells what happened in a flow: to the ledger, and to the agent who will take the call. */
export class FlowStory {
  /** Flows whose name the ledger knows. */
  readonly #told: Set<FlowId>;

  constructor(
    private readonly call: Call,
    private readonly flows: ReadonlyMap<FlowId, FlowConfig>,
    state: FlowState | undefined,
  ) {
    this.#told = new Set(state === undefined ? [] : flows.keys());
  }

  begin(flow: FlowConfig): void {
    if (this.#told.has(flow.id)) return;
    this.#told.add(flow.id);
    const { id, name } = flow;
    const version = Math.max(DRAFT_VERSION, flow.version);
    this.call.record({ kind: 'flow-entered', flowId: id, version, name });
  }

  note(trace: readonly FlowTrace[]): void {
    const { call } = this;
    for (const item of trace) {
      if (item.kind === 'step-entered') {
        const flow = this.flows.get(item.flowId);
        if (flow !== undefined) this.begin(flow);
        this.#labelKey(item.label);
      }
      call.record(item);
      if (item.kind === 'key-pressed' && item.accepted && isKey(item.digits))
        call.path.push(item.digits);
      if (item.kind === 'input-collected' && !isHidden(item.variable)) {
        const { variable: name, label, value, length } = item;
        call.context = withInput(call.context, {
          name,
          label,
          value: value ?? covered(' '.repeat(length)),
        });
      }
    }
  }

  /** Whoever takes the call knows what was looked up; afterwards the ledger does. */
  end(effect: string): void {
    if (!effect.startsWith('go-')) return;
    const values = Object.fromEntries(
      this.call.context.filter(({ label }) => label === '').map(({ name, value }) => [name, value]),
    );
    if (Object.keys(values).length > 0) this.call.record({ kind: 'context-passed', values });
  }

  /** The path that the agent sees: `2 Repairs`. The step after a key says what the key meant. */
  #labelKey(label: string): void {
    const { path } = this.call;
    const last = path.at(-1) ?? '';
    if (isKey(last)) path[path.length - 1] = `${last} ${label}`;
  }
}

const isKey = (text: string): boolean => /^[0-9*#]$/.test(text);
