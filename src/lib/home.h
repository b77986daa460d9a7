#ifndef LIB_HOME_H
#define LIB_HOME_H

/* Entering the home. */

#include "lib/home_path.h"

/* Make the home the working directory.  Dies with DEFER when that fails. */
void home_enter(void);

#endif
