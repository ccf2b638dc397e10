/** What the experiment `landscape` is asked, and what its numbers are. */
