import { program, tmpfsComponent } from 'rumpus';
import { oldRename } from './old.ts';
import { race } from './race.ts';

const tmpfs = tmpfsComponent({ vnodeops: { rename: oldRename } });

export default program({ components: [tmpfs], ncpu: 2 }, race);
