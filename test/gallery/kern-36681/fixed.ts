import { program, tmpfs } from 'rumpus';
import { race } from './race.ts';

export default program({ components: [tmpfs], ncpu: 2 }, race);
