#ifndef REPORT_WORDS_H
#define REPORT_WORDS_H

/* What the sender may do about a failure with this status code, in a sentence. */
const char *words_advice(const char *status);

#endif
