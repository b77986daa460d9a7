#ifndef LIB_HOME_H
#define LIB_HOME_H

/* $FACTEUR_HOME, or what conf-home said when we were compiled. */
const char *home_path(void);

/* Make the home the working directory.  Dies with DEFER when that fails. */
void home_enter(void);

#endif
