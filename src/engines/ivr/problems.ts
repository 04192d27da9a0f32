/** Something wrong with a flow. Errors keep it from being published, warnings do not. */
export interface FlowProblem {
  readonly level: 'error' | 'warning';
  /** The step to look at; '' where it is the flow as a whole. */
  readonly step: string;
  /** Field or exit of the step (`prompt`, `queue`, `next`, `key-1` ...); '' where it is the step as a whole. */
  readonly field: string;
  /** Key of the catalog. */
  readonly message: string;
  readonly params: Readonly<Record<string, string | number>>;
}

/** A problem by the end of its key in the catalog. */
export const problem = (
  level: FlowProblem['level'],
  step: string,
  field: string,
  name: string,
  params: FlowProblem['params'] = {},
): FlowProblem => ({ level, step, field, message: `flow.problem.${name}`, params });
