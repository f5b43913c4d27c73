#include "pairing.h"

#include <string.h>

bool dt__pairing_begin(dt__pairing* pairing) {
  memset(pairing, 0, sizeof *pairing);
  return dt__guard_random(pairing->token, sizeof pairing->token);
}

const char* dt__pairing_once(dt__pairing* pairing, int64_t now_us) {
  if (!dt__guard_random(pairing->once, sizeof pairing->once))
    pairing->once[0] = '\0';
  pairing->once_until_us = now_us + (int64_t)DT__ONCE_S * 1000000;
  return pairing->once;
}

bool dt__pairing_use_once(dt__pairing* pairing, const char* token, int64_t now_us) {
  const bool is_good = now_us < pairing->once_until_us && dt__guard_same(token, pairing->once);
  if (is_good)
    pairing->once[0] = '\0';
  return is_good;
}

/* All are compared, whichever it is. */
dt__who dt__pairing_who(const dt__pairing* pairing, const char* token) {
  dt__who who = dt__guard_same(token, pairing->token) ? DT__OWNER : DT__STRANGER;
  for (int i = 0; i < DT__DEVICES; i++)
    if (dt__guard_same(token, pairing->devices[i]) && who == DT__STRANGER)
      who = DT__PAIRED;
  return who;
}

const char* dt__pairing_show(dt__pairing* pairing, int64_t now_us, int* wait_s) {
  *wait_s = 0;
  pairing->code[0] = '\0';
  if (now_us < pairing->closed_until_us) {
    *wait_s = (int)((pairing->closed_until_us - now_us + 999999) / 1000000);
    return pairing->code;
  }
  pairing->wrong = 0;
  pairing->code_until_us = now_us + (int64_t)DT__CODE_S * 1000000;
  if (!dt__guard_code(pairing->code))
    pairing->code[0] = '\0';
  return pairing->code;
}

const char* dt__pairing_pair(dt__pairing* pairing, const char* code, int64_t now_us) {
  if (!pairing->code[0] || now_us >= pairing->code_until_us)
    return NULL;
  if (!dt__guard_same(code, pairing->code)) {
    if (++pairing->wrong >= DT__WRONG_MAX) {
      pairing->code[0] = '\0';
      pairing->closed_until_us = now_us + (int64_t)DT__CODE_WAIT * 1000000;
    }
    return NULL;
  }
  char* token = pairing->devices[pairing->next_device];
  pairing->code[0] = '\0';
  if (!dt__guard_random(token, DT__TOKEN_SIZE)) {
    token[0] = '\0';
    return NULL;
  }
  pairing->next_device = (pairing->next_device + 1) % DT__DEVICES;
  pairing->device_count += pairing->device_count < DT__DEVICES;
  return token;
}
