#ifndef ADMIN_CONTROL_LINE_H
#define ADMIN_CONTROL_LINE_H

#include <stddef.h>

/*
 * What is wrong with s[0..len), a line of control/senders, paused, hold; or null.
 */
const char *control_line_sender(const char *s, size_t len);
const char *control_line_paused(const char *s, size_t len);
const char *control_line_hold(const char *s, size_t len);

#endif
