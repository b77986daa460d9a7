#ifndef LIB_VARIABLE_H
#define LIB_VARIABLE_H

/* Variables of the environment that are asked for often. */

/* The value of the name in variables, which end with a null pointer; or null. */
const char *variable_value(char *const *variables, const char *name);

/*
 * As getenv, which with musl calls a function for each variable that there is: a program
 * that asks for twenty with each message spends a tenth of its time there.
 */
const char *variable_own(const char *name);

#endif
