#include "osc.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef DT_HAVE_LIBLO

#include <pthread.h>

#include <lo/lo.h>

struct dt__osc {
  pthread_mutex_t lock; /* strokes come from the session's thread, beats from the server's */
  lo_address address;
};

dt_status dt__osc_new(dt__osc** made, const char* target, dt_error* err) {
  char host[128];
  *made = NULL;
  const char* colon = strrchr(target, ':');
  const size_t length = colon ? (size_t)(colon - target) : 0;
  const long port = colon ? strtol(colon + 1, NULL, 10) : 0;
  if (length == 0 || length >= sizeof host || port < 1 || port > 65535)
    return dt_fail(err, DT_BAD_ARGUMENT, "OSC goes to HOST:PORT, as in 127.0.0.1:9000, not '%.60s'",
                   target);
  memcpy(host, target, length);
  host[length] = '\0';
  dt__osc* osc = calloc(1, sizeof *osc);
  if (osc)
    osc->address = lo_address_new_with_proto(LO_UDP, host, colon + 1);
  if (!osc || !osc->address) {
    free(osc);
    return dt_fail(err, DT_BAD_ARGUMENT, "There is no OSC address '%.60s'", target);
  }
  pthread_mutex_init(&osc->lock, NULL);
  *made = osc;
  return DT_OK;
}

void dt__osc_free(dt__osc* osc) {
  if (!osc)
    return;
  lo_address_free(osc->address);
  pthread_mutex_destroy(&osc->lock);
  free(osc);
}

static void send_off(dt__osc* osc, const char* path, lo_message message) {
  pthread_mutex_lock(&osc->lock);
  lo_send_message(osc->address, path, message);
  pthread_mutex_unlock(&osc->lock);
  lo_message_free(message);
}

void dt__osc_stroke(dt__osc* osc, const char* drum, int velocity, double asynchrony_ms,
                    const char* side) {
  lo_message message = osc ? lo_message_new() : NULL;
  if (!message)
    return;
  lo_message_add_string(message, drum);
  lo_message_add_int32(message, velocity);
  lo_message_add_float(message, isnan(asynchrony_ms) ? 0.0F : (float)asynchrony_ms);
  lo_message_add_string(message, side);
  send_off(osc, "/doubletime/stroke", message);
}

void dt__osc_beat(dt__osc* osc, int bar, int beat, double bpm) {
  lo_message message = osc ? lo_message_new() : NULL;
  if (!message)
    return;
  lo_message_add_int32(message, bar);
  lo_message_add_int32(message, beat);
  lo_message_add_float(message, (float)bpm);
  send_off(osc, "/doubletime/beat", message);
}

void dt__osc_word(dt__osc* osc, const char* word, const char* figure, const char* tint) {
  lo_message message = osc ? lo_message_new() : NULL;
  if (!message)
    return;
  lo_message_add_string(message, word);
  lo_message_add_string(message, figure);
  lo_message_add_string(message, tint);
  send_off(osc, "/doubletime/word", message);
}

#else

dt_status dt__osc_new(dt__osc** osc, const char* target, dt_error* err) {
  (void)target;
  *osc = NULL;
  return dt_fail(err, DT_UNSUPPORTED, "OSC was not built in (it needs liblo)");
}

void dt__osc_free(dt__osc* osc) {
  (void)osc;
}

void dt__osc_stroke(dt__osc* osc, const char* drum, int velocity, double asynchrony_ms,
                    const char* side) {
  (void)osc, (void)drum, (void)velocity, (void)asynchrony_ms, (void)side;
}

void dt__osc_beat(dt__osc* osc, int bar, int beat, double bpm) {
  (void)osc, (void)bar, (void)beat, (void)bpm;
}

void dt__osc_word(dt__osc* osc, const char* word, const char* figure, const char* tint) {
  (void)osc, (void)word, (void)figure, (void)tint;
}

#endif
