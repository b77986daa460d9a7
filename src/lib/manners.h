#ifndef LIB_MANNERS_H
#define LIB_MANNERS_H

/* What every program answers alike: -h and -V. */

/*
 * The first of a program's life, instead of its main (the Makefile links it so): when -h
 * or -V is all that it was given it says how it is used, or which version it is, on
 * descriptor 1, and ends with 0 without having touched anything; or with DEFER when that
 * can't be written.
 */

/* Made by the Makefile: of the program's name and man page, and of $(VERSION). */
extern const char manners_name[];
extern const char manners_help[], manners_help_end[];
extern const char manners_version[], manners_version_end[];

#endif
