/** A scenario that cannot be simulated: one line for each thing wrong with it, with file, line and field where known. */
export class ScenarioError extends Error {
  override readonly name = 'ScenarioError';
  constructor(readonly lines: readonly string[]) {
    super(lines.join('\n'));
  }
}
