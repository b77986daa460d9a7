#ifndef WAY_SERVICE_SETTING_H
#define WAY_SERVICE_SETTING_H

/* What is set in the env/ of our services. */

#include <stddef.h>

/*
 * The first word of the file path, relative to the home, into buf, as a C string: its
 * length, 0 when there is none.
 */
size_t service_setting_read(const char *path, char *buf, size_t size);

/* The same as a number up to max; fallback when it is none. */
unsigned long long service_setting_number(
    const char *path, unsigned long long max, unsigned long long fallback);

#endif
