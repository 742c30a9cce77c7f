/* udev.h - rules for udev: LABEL.udev
 *
 * For hosts where udev looks after /dev: what connections assign to a label gets
 * its tag (behaviour D6), and what interfaces say about devices as such stands as
 * they wrote it. A device group finds its devices by the tag or, without udev, by
 * the matches of LABEL.device: both files say the same. snapd's rules also run a
 * helper for each device that comes (snap-device-helper): these do not, nothing of
 * ours is started by udev.
 */
#ifndef POLICY_DEVICE_UDEV_H
#define POLICY_DEVICE_UDEV_H

#include "policy/device/group.h"

/* The text, a comment line at least. With f->lax every rule is a comment: nothing
 * is refused there, so nothing is assigned (A13). False as device_group_text(). */
bool udev_text(struct buf *out, const struct device_for *f, char *why);

#endif
