"""Sources: storing what texts cite, the index of works, a work's page, and which works are one."""
