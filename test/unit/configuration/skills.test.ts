import { expect } from 'chai';
import type { CsvTable } from '../../../src/features/configuration/index.js';
import { planLevels } from '../../../src/features/skills/level-import.js';
import {
  cellName,
  cellOf,
  readShown,
  settle,
  tintStep,
  writeShown,
  type MatrixAgent,
} from '../../../src/features/skills/level.js';
import { languageTag, levelField, skillSchema } from '../../../src/features/skills/skill.js';
import { parseFields } from '../../../src/kernel/fields.js';
import type { AgentId, SkillId } from '../../../src/kernel/ids.js';

const BILLING = 1 as SkillId;
const FRENCH = 2 as SkillId;
const skills = [
  { id: BILLING, name: 'Billing' },
  { id: FRENCH, name: 'French' },
];
const amy: MatrixAgent = {
  id: 11 as AgentId,
  name: 'Amy',
  number: '501',
  levels: new Map([[BILLING, 40]]),
};
const ben: MatrixAgent = { id: 12 as AgentId, name: 'Ben', number: '502', levels: new Map() };
const table = (header: readonly string[], ...rows: readonly (readonly string[])[]): CsvTable => ({
  encoding: 'utf-8',
  header,
  rows: rows.map((cells, at) => ({ line: at + 2, cells })),
});

describe('levels of skills', () => {
  it('are 1 to 100; empty and 0 mean that the agent does not have the skill', () => {
    const read = (value: string | number) => levelField().safeParse(value).data;
    expect(['', ' 7 ', '0', '100', 55].map(read)).to.deep.equal([0, 7, 0, 100, 55]);
    expect(['101', '-1', '1.5', 'x', '1e2'].map(read)).to.deep.equal(Array(5).fill(undefined));
  });

  it('have five tints, and none where there is no level', () => {
    expect([0, 1, 20, 21, 40, 60, 80, 81, 100].map(tintStep)).to.deep.equal([
      0, 1, 1, 2, 2, 3, 4, 5, 5,
    ]);
  });

  it('are named in forms, and what was shown can be read again', () => {
    expect(cellOf(cellName({ agent: amy.id, skill: FRENCH }))).to.deep.equal({
      agent: amy.id,
      skill: FRENCH,
    });
    expect(cellOf('l-0-1')).to.equal(undefined);
    expect([...readShown(writeShown([amy, ben]))]).to.deep.equal([['l-11-1', 40]]);
    expect([...readShown('l-1-1:x nonsense l-2-2:5')]).to.deep.equal([['l-2-2', 5]]);
  });

  it('are written where nobody else changed them, and are conflicts where somebody did', () => {
    const change = (skill: SkillId, before: number, after: number) => ({
      agent: amy.id,
      skill,
      before,
      after,
    });
    const stored = ({ skill }: { skill: SkillId }) => (skill === BILLING ? 40 : 70);
    const { writes, conflicts } = settle([change(BILLING, 40, 50), change(FRENCH, 0, 60)], stored);
    expect(writes).to.deep.equal([change(BILLING, 40, 50)]);
    expect(conflicts).to.deep.equal([{ agent: amy.id, skill: FRENCH, theirs: 70, yours: 60 }]);
    expect(settle([change(FRENCH, 0, 70)], stored)).to.deep.equal({ writes: [], conflicts: [] });
  });
});

describe('a file of levels', () => {
  it('changes what differs, takes away where a cell is empty, and names columns that are no skill', () => {
    const plan = planLevels(
      table(['工号', 'Name', 'french', 'Billing', 'Team'], ['501', 'Amy', '30', '', 'x']),
      skills,
      [amy, ben],
    );
    expect(plan).to.deep.equal({
      changes: [
        { agent: amy.id, skill: FRENCH, before: 0, after: 30 },
        { agent: amy.id, skill: BILLING, before: 40, after: 0 },
      ],
      rejected: [],
      unused: ['Team'],
    });
  });

  it('rejects by line and column: unknown agents, repeated ones, levels that are none', () => {
    const plan = planLevels(
      table(['number', 'Billing'], ['999', '1'], ['502', '500'], ['501', '40'], ['501', '41']),
      skills,
      [amy, ben],
    );
    if (!('rejected' in plan)) throw new Error(plan.message);
    expect(plan.changes).to.deep.equal([]);
    expect(plan.rejected.map(({ line, column, message }) => [line, column, message])).to.deep.equal(
      [
        [2, 'number', 'skills.import.problem.agent'],
        [3, 'Billing', 'skills.problem.level'],
        [5, 'number', 'import.problem.repeated'],
      ],
    );
  });

  it('is refused whole without numbers or without any skill', () => {
    expect(planLevels(table(['Billing'], ['1']), skills, [])).to.have.property(
      'message',
      'import.problem.columns',
    );
    expect(planLevels(table(['number', 'Team'], ['1', '2']), skills, [])).to.have.property(
      'message',
      'skills.import.problem.no-skills',
    );
  });
});

describe('a skill', () => {
  it('of kind language needs a language, in canonical form', () => {
    expect(
      ['en', 'zh-cn', 'PT-br', 'zh-hans-cn', 'e', 'english', 'a_b'].map(languageTag),
    ).to.deep.equal(['en', 'zh-CN', 'pt-BR', 'zh-Hans-CN', undefined, undefined, undefined]);
    const parse = (fields: object) => parseFields(skillSchema, { name: 'X', ...fields });
    expect(parse({ kind: 'language', language: '' })).to.deep.include({
      problems: [{ field: 'language', message: 'form.problem.needed', params: {} }],
    });
    const plain = parse({ kind: 'skill', language: 'en' });
    expect(plain.ok && plain.values.language).to.equal(undefined);
  });
});
