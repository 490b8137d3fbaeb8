import { filesComponent, program } from 'rumpus';
import { assertingOps } from './old.ts';
import { race } from './race.ts';

export default program({ components: [filesComponent({ ops: assertingOps })], ncpu: 2 }, race);
