#ifndef STS_STS_DOOR_H
#define STS_STS_DOOR_H

/* The clients of sts.sock: sts(5). */

#include <stddef.h>
#include <stdint.h>

#include "sts/sts_job.h"

#define STS_DOOR_REQUEST_MAX 300 /* a domain, as a netstring */
#define STS_DOOR_IDLE_SECONDS 60
#define STS_DOOR_ANSWER_MAX (STS_POLICY_FILE_MAX + 400)

struct sts_door_client {
	int fd;
	int64_t until;       /* it is silent no longer */
	struct sts_job *job; /* whose end it waits for; or null */
	size_t len;
	char heard[STS_DOOR_REQUEST_MAX];
};

/* Those that are there.  clients is made by sts_door_begin. */
struct sts_door {
	int listening;
	struct sts_door_client *clients;
	size_t n, most;
};

/*
 * Begin, with room for most; or end the program for lack of memory.  Returns 0, or -1
 * with errno when listening is of no use.
 */
int sts_door_begin(struct sts_door *door, int listening, size_t most);

/* Take another client, if one has come. */
void sts_door_open(struct sts_door *door);

/*
 * Hear client i.  Returns 1 with a domain that it asks for, in domain; 0 when it has said
 * nothing whole yet; -1 when it is to leave.
 */
int sts_door_hear(struct sts_door *door, size_t i, char domain[STS_POLICY_NAME_MAX + 1]);

/* Answer the clients that wait for the job, which is done. */
void sts_door_answer(struct sts_door *door, const struct sts_job *job);

/* Client i leaves; the last takes its place. */
void sts_door_leave(struct sts_door *door, size_t i);

/* What is answered, as a netstring's content: its bytes. */
size_t sts_door_put(const struct sts_job *job, char answer[STS_DOOR_ANSWER_MAX]);

#endif
