#ifndef DT_STAGE_PAIRING_H
#define DT_STAGE_PAIRING_H

#include <stdbool.h>
#include <stdint.h>

#include "guard.h"

/*
 * Who has been let in: the first page, by the token of this start, and paired devices, each by a
 * token of its own, which it got for a code of six digits. A code is good for one device and two
 * minutes; after five wrong ones it is gone, and none is made for a minute.
 */
#define DT__CODE_S    120
#define DT__CODE_WAIT 60
#define DT__WRONG_MAX 5
#define DT__DEVICES   8

typedef enum dt__who { DT__STRANGER, DT__PAIRED, DT__OWNER } dt__who;

typedef struct dt__pairing {
  char token[DT__TOKEN_SIZE];
  char devices[DT__DEVICES][DT__TOKEN_SIZE]; /* the oldest gives way */
  int device_count;
  int next_device;
  char code[7]; /* "" none */
  int64_t code_until_us;
  int64_t closed_until_us;
  int wrong;
  char once[DT__TOKEN_SIZE]; /* "" none */
  int64_t once_until_us;
} dt__pairing;

/* False where the system has no random numbers. */
bool dt__pairing_begin(dt__pairing* pairing);

/* A token that lets the first page in, once, within a minute. */
#define DT__ONCE_S 60
const char* dt__pairing_once(dt__pairing* pairing, int64_t now_us);
bool dt__pairing_use_once(dt__pairing* pairing, const char* token, int64_t now_us);

dt__who dt__pairing_who(const dt__pairing* pairing, const char* token);

/* A new code in place of an older one; "" and *wait_s while none is made. */
const char* dt__pairing_show(dt__pairing* pairing, int64_t now_us, int* wait_s);

/* The token of a new device for the code; NULL: it is wrong, old, used, or none is shown. */
const char* dt__pairing_pair(dt__pairing* pairing, const char* code, int64_t now_us);

#endif
