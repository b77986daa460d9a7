#ifndef LIB_LOGIN_NAME_H
#define LIB_LOGIN_NAME_H

/* The names under which users log in. */

#include <stralloc.h>

/*
 * Set key to the address, as it is looked up, of who is called name: without a domain it
 * is one of control/defaultdomain.  Returns 0, or -1 with errno when that can't be read.
 */
int login_name_key(stralloc *key, const char *name);

#endif
