#ifndef LIB_GLIBC_PRINT_H
#define LIB_GLIBC_PRINT_H

/*
 * What archives that were compiled for glibc want of it for their last words before they
 * end a program: nettle and GMP, linked into static musl programs, where conf-cc puts
 * this in the place of glibc's function.
 */

/* Write format as it is to descriptor 2.  Returns its length, or -1. */
int glibc_print(void *file, int flag, const char *format, ...);

#endif
