/* porthooks.h - the hooks that plugs and slots have for being connected
 *
 * In snapd's order (behaviour I5, I12): prepare-plug, prepare-slot, the connection,
 * connect-slot, connect-plug; disconnect-slot and disconnect-plug before it goes.
 * When one fails, those that ran are taken back by unprepare- and disconnect- hooks.
 * Hooks cannot change attributes: there is no snapctl. Below another root none runs.
 */
#ifndef APPLETS_LIB_PORTHOOKS_H
#define APPLETS_LIB_PORTHOOKS_H

#include "applets/lib/wiring.h"

/* Before, and after, the connection is made. False with one line in why (WHY_MAX)
 * when one failed; what ran of the connection is taken back, and SIGINT, SIGTERM and
 * SIGHUP stay blocked, as after hook_run(). */
bool porthooks_prepare(struct wiring *w, const struct conn_line *l, char *why);
bool porthooks_connected(struct wiring *w, const struct conn_line *l, char *why);

/* Both for every connection that w makes; and, when it is not to be after all, what
 * takes them back. */
bool porthooks_new(struct wiring *w, char *why);
void porthooks_take_back(struct wiring *w);

/* Before the connection goes: nobody may object, failures are told. */
void porthooks_disconnect(struct wiring *w, const struct conn_line *l);

#endif
