#ifndef LIB_TEXT_DECIMAL_H
#define LIB_TEXT_DECIMAL_H

/* Numbers written in decimal. */

#define DECIMAL_MAX 24 /* bytes for any 64-bit number and its 0 */

/* n in decimal, written to buf, which holds DECIMAL_MAX bytes; returns buf. */
const char *text_decimal(char *buf, unsigned long long n);

#endif
