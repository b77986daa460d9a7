#ifndef LIB_POLICY_ANSWER_H
#define LIB_POLICY_ANSWER_H

/* The judgement of what a policy answers: policy(5). */

#include <stddef.h>

#define POLICY_ANSWER_MAX 1000 /* bytes of an answer: policy(5) */

/*
 * Judge the answer s[0..len), without "\n": 'K' with results
 * (lib/policy_results), a header field, both or nothing from s[1] on; 'Z' or 'D' with
 * "code status text" from s[1] on; 0 for nonsense.
 */
char policy_answer_judge(const char *s, size_t len);

#endif
