/* pin.h - a new mount namespace that outlives its maker */
#ifndef NS_PIN_H
#define NS_PIN_H

/* A copy of the mount namespace host (a descriptor; the caller is in it), pinned as
 * name in dir, which must lie on a private mount. Returns its descriptor; the
 * caller is still in host, with its root as "/". Dies. */
int pin_new(int dir, const char *name, int host);

#endif
