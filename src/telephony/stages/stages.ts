import type { Call } from '../calls/call.js';
import type { CallServices } from '../calls/services.js';
import type { EndedStage, Stage } from '../calls/stage.js';
import { announceStage } from './announce.js';
import { campaignMessageStage } from './campaign-message.js';
import { say } from './codes/saying.js';
import { deskCodeStage } from './desk-code.js';
import { dialOutsideStage } from './dial-outside.js';
import { dialPbxStage } from './dial-pbx.js';
import { confirmDialStage } from './confirm-dial.js';
import { conferenceStage } from './conference/conference.js';
import { conferenceInviteStage } from './conference/conference-invite.js';
import { intercomStage } from './intercom.js';
import { ivrStage } from './ivr/ivr.js';
import { pageStage } from './page.js';
import { parkedStage } from './parked.js';
import { queueStage } from './queue/queue.js';
import { recordPromptStage } from './record-prompt.js';
import { ringExtensionStage } from './ring-extension.js';
import { ringGroupStage, ringPhonesStage } from './ring-group.js';
import { surveyStage } from './survey.js';
import { talkStage } from './talk.js';
import { voicemailStage } from './voicemail.js';

/** Runs one stage of a call and says which is next. */
export function runStage(
  s: CallServices,
  call: Call,
  stage: Exclude<Stage, EndedStage>,
): Promise<Stage> {
  switch (stage.kind) {
    case 'ivr':
      return ivrStage(s, call, stage);
    case 'queue':
      return queueStage(s, call, stage);
    case 'ring-extension':
      return ringExtensionStage(s, call, stage);
    case 'intercom':
      return intercomStage(s, call, stage);
    case 'page':
      return pageStage(s, call, stage);
    case 'parked':
      return parkedStage(s, call, stage);
    case 'unpark':
      return Promise.resolve(say('nothing-parked', 'nothing-parked'));
    case 'ring-phones':
      return ringPhonesStage(s, call, stage);
    case 'ring-group':
      return ringGroupStage(s, call, stage);
    case 'conference':
      return conferenceStage(s, call, stage);
    case 'conference-invite':
      return conferenceInviteStage(s, call, stage);
    case 'dial-outside':
      return dialOutsideStage(s, call, stage);
    case 'dial-pbx':
      return dialPbxStage(s, call, stage);
    case 'talk':
      return talkStage(s, call, stage);
    case 'survey':
      return surveyStage(s, call, stage);
    case 'voicemail':
      return voicemailStage(s, call, stage);
    case 'announce':
    case 'goodbye':
      return announceStage(s, call, stage);
    case 'campaign-message':
      return campaignMessageStage(s, call, stage);
    case 'confirm-dial':
      return confirmDialStage(s, call, stage);
    case 'desk-code':
      return deskCodeStage(s, call, stage);
    case 'record-prompt':
      return recordPromptStage(s, call, stage);
    default:
      return stage satisfies never;
  }
}
