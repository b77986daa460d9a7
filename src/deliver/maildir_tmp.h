#ifndef DELIVER_MAILDIR_TMP_H
#define DELIVER_MAILDIR_TMP_H

/* Messages that have their last name in tmp already, before they come to new. */

#include "deliver/maildir.h"

/*
 * Who works on such a file has it locked, so that others see whether it was left by a
 * crash.  A prepared one is complete, and was on the disk before the queue's service kept
 * a record of it: queue-socket(5).
 */

#define MAILDIR_TMP_BUSY 6 /* another process has a file of that name there */
#define MAILDIR_TMP_LEFT 7 /* there is one, and nobody works on it */

/*
 * Give what maildir_write has written its name in tmp, without a sync.  MAILDIR_WRITTEN,
 * MAILDIR_TMP_BUSY, MAILDIR_TMP_LEFT (unless clear is set: then that one is removed), or
 * -1 as maildir_write.  The file stays open in all cases.
 */
int maildir_tmp_prepare(int maildir, struct maildir_delivery *delivery, int clear);

/*
 * Or begin a file with that name at once, for what maildir_admit has let in: then it is
 * to be written.  As maildir_tmp_prepare, but only after MAILDIR_WRITTEN is it open.
 */
int maildir_tmp_begin(int maildir, struct maildir_delivery *delivery, int clear);

/*
 * Take the file over that an earlier delivery has prepared.  MAILDIR_WRITTEN: it is
 * delivery->file; MAILDIR_DONE when there is none, MAILDIR_TMP_BUSY, MAILDIR_TMP_LEFT
 * when it is not what was prepared, or -1.  maildir_measure has set name and size.
 */
int maildir_tmp_claim(int maildir, struct maildir_delivery *delivery);

#endif
