import { RankHost } from './rank-host.ts';
import { serve } from './serve.ts';

serve(new RankHost());
