#ifndef LIB_CONTROL_H
#define LIB_CONTROL_H

/* The reading of control files. */

#include <stralloc.h>

#define CONTROL_MAX 1048576 /* bytes of a control file: more is a mistake */

/*
 * Control files are read from control/ in the working directory (home_enter).
 * All of these return 1 when the file was there, 0 when it was not and
 * the default was taken, -1 with errno when it is there but can't be read, is too
 * long or (EINVAL) does not hold what it should.
 */

/* The first line of control/name without trailing blanks; fallback may be null (then
 * empty). */
int control_line(const char *name, stralloc *value, const char *fallback);

/* A number on the first line, perhaps with a unit: control_unit.h. */
int control_number(
    const char *name, unsigned long long *value, unsigned long long fallback);

/*
 * Warn, after control_number has failed with errno, of what is wrong with control/name:
 * its line is shown.
 */
void control_complain(const char *name);

/*
 * The lines of control/name, each ended by \0, without trailing blanks, empty lines
 * and lines that begin with '#'.
 */
int control_list(const char *name, stralloc *list);

/* As control_line and control_number, but die with DEFER, naming the file, instead of -1.
 */
void control_need_line(const char *name, stralloc *value, const char *fallback);
unsigned long long control_need_number(const char *name, unsigned long long fallback);

/* control/me, our host name; dies with DEFER when it is missing or empty. */
void control_need_me(stralloc *me);

#endif
