import { dieWithParent } from '../../mpi/index.ts';
import { RankHost } from './rank-host.ts';
import { serve } from './serve.ts';

await dieWithParent();
serve(new RankHost());
