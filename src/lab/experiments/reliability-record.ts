/** What the experiment `reliability` is asked, and what its numbers are. */
