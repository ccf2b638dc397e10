/** What the experiment `memory` is asked, and what its numbers are. */
