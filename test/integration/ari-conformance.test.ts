import { describeAriConformance } from '../support/ari-conformance.js';
import { openPbxLab } from '../support/pbx-lab.js';

describeAriConformance('a real Asterisk', openPbxLab);
