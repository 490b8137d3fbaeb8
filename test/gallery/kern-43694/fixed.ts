import { files, program } from 'rumpus';
import { race } from './race.ts';

export default program({ components: [files], ncpu: 2 }, race);
