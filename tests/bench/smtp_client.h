#ifndef BENCH_SMTP_CLIENT_H
#define BENCH_SMTP_CLIENT_H

#include <netinet/in.h>
#include <stddef.h>

#define SMTP_CLIENT_LINE 2048
#define SMTP_CLIENT_COMMANDS 32768

/* What all clients send, and how far they are. */
struct smtp_load {
	struct sockaddr_in server;
	const char *domain;
	long messages;
	long per_connection;
	long recipients; /* of each message */
	long boxes;      /* box1@domain, box2@domain... in turn */
	long domains;    /* 0: one; else d1.domain, d2.domain... in turn */
	int pipelining;
	int keep; /* connections that have nothing more to do stay open */
	int poller;
	const char *body; /* canonical, with its final dot */
	size_t body_len;

	long connections;
	long active; /* of these */
	long begun;  /* messages */
	long accepted;
	long failed;
	double *latency; /* seconds from MAIL to the last reply, of each accepted one */
	double last_accepted;
};

enum smtp_client_state { FREE, GREETING, EHLO, MAIL, RCPT, DATA, BODY, QUIT, IDLE };

struct smtp_client {
	int fd;
	enum smtp_client_state state;
	int waiting;   /* for EPOLLOUT */
	long messages; /* begun in this connection */
	long first;    /* recipient of this message, counted through all messages */
	long named;    /* recipients so far */
	double began;  /* the transaction */
	const char *out;
	size_t left; /* of out */
	char commands[SMTP_CLIENT_COMMANDS];
	char line[SMTP_CLIENT_LINE];
	size_t len;
};

/* Begin a connection, on a client that is FREE, and poll for it. */
void smtp_client_connect(struct smtp_load *load, struct smtp_client *c);

/* Go on when its descriptor can be read, or written. */
void smtp_client_read(struct smtp_load *load, struct smtp_client *c);
void smtp_client_write(struct smtp_load *load, struct smtp_client *c);

/* Seconds of the monotonic clock. */
double bench_now(void);

/* Say that this could not be done, and why, and end. */
_Noreturn void bench_fail(const char *what);

#endif
