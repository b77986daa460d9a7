#ifndef LIB_LOG_LINE_H
#define LIB_LOG_LINE_H

/* The writing of a log line, without libowfat. */

#include <stdarg.h>

#define LOG_LINE_MAX 1000 /* bytes, newline included: s6-log cuts at 8192 */

/*
 * log_event for a program that does not use libowfat: its name is given, and the pairs
 * are a va_list.
 */
void log_line_write(
    const char *program, const char *id, const char *event, va_list pairs);

#endif
