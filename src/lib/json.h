#ifndef LIB_JSON_H
#define LIB_JSON_H

/* The writing of JSON. */

#include <stdint.h>

#include <stralloc.h>

/*
 * Append to sa: the C string as a JSON string, in which what is not UTF-8 is U+FFFD; a
 * member "name":"value"; a comma and a member "name":n, where less than 0 is written as
 * 0.
 */
void json_put_string(stralloc *sa, const char *s);
void json_put_pair(stralloc *sa, const char *name, const char *value);
void json_put_count(stralloc *sa, const char *name, int64_t n);

#endif
