import type { SkillId } from '../../kernel/ids.js';
import type { Directory } from '../../telephony/directory.js';
import type { LiveTopic, LiveValue } from '../../web/kit/index.js';

/** Key of the foot of a skill's column. */
export const footKey = (skill: SkillId): string => `skill:${String(skill)}.signed-in`;

/** Of all agents who have each skill, how many are signed in: "6 of 9 signed in". */
export const skillTopic = (directory: Pick<Directory, 'current'>): LiveTopic => ({
  name: 'setup-skills',
  access: 'skills.edit',
  values: (snapshot, viewer) => {
    const { agents, skills } = directory.current;
    const signedIn = new Set(
      snapshot?.agents.filter((agent) => agent.state !== 'signed-out').map((agent) => agent.id),
    );
    const counts = new Map([...skills.keys()].map((id) => [id, { total: 0, here: 0 }]));
    for (const agent of agents.values())
      for (const skill of agent.skills.keys()) {
        const count = counts.get(skill);
        if (count === undefined) continue;
        count.total += 1;
        if (signedIn.has(agent.id)) count.here += 1;
      }
    const values: Record<string, LiveValue> = {};
    for (const [skill, { total, here }] of counts)
      values[footKey(skill)] =
        total === 0
          ? viewer.t('skills.matrix.nobody')
          : viewer.t('skills.matrix.signed-in', { here, total });
    return values;
  },
  sharedBy: (viewer) => viewer.language,
});
