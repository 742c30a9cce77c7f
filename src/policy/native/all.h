/* all.h - every native interface, for the table in native.c */
#ifndef POLICY_NATIVE_ALL_H
#define POLICY_NATIVE_ALL_H

#include "policy/native.h"

extern const struct native native_content;
extern const struct native native_cups;
extern const struct native native_custom_device;
extern const struct native native_gpio_chardev;
extern const struct native native_mount_control;
extern const struct native native_shared_memory;

#endif
