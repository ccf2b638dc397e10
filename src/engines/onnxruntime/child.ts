import { serve } from '../process/serve.ts';
import { host } from './process-host.ts';

serve(host);
