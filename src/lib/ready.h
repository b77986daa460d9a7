#ifndef LIB_READY_H
#define LIB_READY_H

/* A service that is ready says so: s6's notification. */

/* Say so on descriptor 1, and close it: for who starts no program.  Dies with DEFER when
 * that can't be done. */
void ready_tell(void);

#endif
