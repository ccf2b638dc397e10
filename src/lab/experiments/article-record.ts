/** What the experiment `article` is asked, and what its numbers are. */
