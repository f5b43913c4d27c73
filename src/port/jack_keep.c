#include <jack/jack.h>

#include "jack_internal.h"

/* How soon a lost server or a new port is noticed. */
#define LOOK_EVERY_US 20000

static void come_back(dt__jack* jack) {
  dt__core* core = &jack->port->core;
  if (dt__jack_join(jack, NULL) != DT_OK)
    return;
  const int rate_hz = (int)jack_get_sample_rate(jack->client);
  atomic_store(&core->counters.device_rate_hz, rate_hz);
  if (rate_hz != jack->port->info.rate_hz) {
    dt__jack_leave(jack);
    dt__core_condition(core, DT_PORT_FAILED, "The JACK server came back at another sample rate");
    return;
  }
  atomic_store(&jack->is_return, true);
  if (jack_activate(jack->client) != 0) {
    dt__jack_leave(jack);
    return;
  }
  dt__jack_connect(jack);
  dt__jack_read_latency(jack);
  dt__core_condition(core, DT_PORT_RUNNING, "");
}

static bool has_failed(const dt__jack* jack) {
  return atomic_load(&jack->port->core.counters.condition) == DT_PORT_FAILED;
}

static void look_after(dt__jack* jack, int64_t* retry_at_us) {
  if (atomic_load(&jack->is_lost) && jack->client != NULL) {
    dt__core_condition(&jack->port->core, DT_PORT_GONE,
                       "The JACK server is gone; waiting for it to come back");
    dt__jack_leave(jack);
    *retry_at_us = 0;
  }
  if (jack->client == NULL && dt__now_us() >= *retry_at_us) {
    come_back(jack);
    *retry_at_us = dt__now_us() + (int64_t)jack->port->retry_ms * 1000;
  } else if (jack->client != NULL) {
    if (atomic_exchange(&jack->has_new_ports, false))
      dt__jack_connect(jack);
    dt__jack_read_latency(jack);
  }
}

void* dt__jack_keep(void* context) {
  dt__jack* jack = context;
  int64_t retry_at_us = 0;
  while (!atomic_load(&jack->shall_stop) && !has_failed(jack)) {
    pthread_mutex_lock(&jack->client_lock);
    look_after(jack, &retry_at_us);
    pthread_mutex_unlock(&jack->client_lock);
    dt__sleep_until_us(dt__now_us() + LOOK_EVERY_US);
  }
  return NULL;
}
