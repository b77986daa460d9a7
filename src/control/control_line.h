#ifndef CONTROL_CONTROL_LINE_H
#define CONTROL_CONTROL_LINE_H

/* The check of lines that have a form of their own. */

#include <stddef.h>

/* What is wrong with s[0..len), a line of the control file of that name; or null. */
const char *control_line_sender(const char *s, size_t len);
const char *control_line_paused(const char *s, size_t len);
const char *control_line_grey(const char *s, size_t len);
const char *control_line_plugin(const char *s, size_t len);
const char *control_line_resolver(const char *s, size_t len);

#endif
