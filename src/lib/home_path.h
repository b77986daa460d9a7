#ifndef LIB_HOME_PATH_H
#define LIB_HOME_PATH_H

/* Where the home is. */

/* $FACTEUR_HOME, or what conf-home said when we were compiled. */
const char *home_path(void);

#endif
