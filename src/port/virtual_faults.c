#include "virtual_internal.h"

/* How long a device is away whose rate is changed. */
#define RATE_CHANGE_MS 100

void dt__virtual_pass(dt__virtual* v, dt_frame frame_count) {
  v->at += frame_count;
  v->device_frame += frame_count;
  v->clock_us +=
      (double)frame_count * 1e6 / ((double)v->port->info.rate_hz * (1.0 + v->speed_ppm * 1e-6));
}

static void lose(dt__virtual* v, dt_frame frame_count) {
  if (frame_count <= 0)
    return;
  dt__loop_lose(&v->loop, v->at, frame_count);
  dt__virtual_pass(v, frame_count);
}

static dt_frame frames_of_ms(const dt__virtual* v, int64_t ms) {
  return ms * v->port->info.rate_hz / 1000;
}

static void vanish(dt__virtual* v, dt_frame frame_count) {
  v->absent_until = v->at + (frame_count > 0 ? frame_count : 1);
  dt__core_condition(&v->port->core, DT_PORT_GONE, "The device is gone; waiting for it");
}

static void happen(dt__virtual* v, const dt_port_fault* fault) {
  switch (fault->kind) {
  case DT_PORT_FAULT_LATE:
    v->late_us += fault->value;
    break;
  case DT_PORT_FAULT_EARLY:
    v->late_us -= fault->value;
    break;
  case DT_PORT_FAULT_XRUN:
    dt__count(&v->port->core.counters.xruns, 1);
    lose(v, fault->value);
    break;
  case DT_PORT_FAULT_JUMP:
    lose(v, fault->value);
    break;
  case DT_PORT_FAULT_UNCOUNTED:
    dt__count(&v->port->core.counters.xruns, 1);
    lose(v, fault->value);
    v->device_frame -= fault->value;
    break;
  case DT_PORT_FAULT_BACKWARDS:
    v->device_frame -= fault->value;
    break;
  case DT_PORT_FAULT_GLITCH:
    v->glitch_frames = fault->value;
    break;
  case DT_PORT_FAULT_STALL:
    lose(v, frames_of_ms(v, fault->value));
    break;
  case DT_PORT_FAULT_FREEZE:
    lose(v, frames_of_ms(v, fault->value));
    v->device_frame -= frames_of_ms(v, fault->value);
    break;
  case DT_PORT_FAULT_VANISH:
    vanish(v, frames_of_ms(v, fault->value));
    break;
  case DT_PORT_FAULT_SPEED:
    v->speed_ppm = (double)fault->value;
    break;
  case DT_PORT_FAULT_RATE:
    vanish(v, frames_of_ms(v, RATE_CHANGE_MS));
    v->returns_with_hz = (int)fault->value;
    break;
  case DT_PORT_FAULT_FAIL:
    vanish(v, INT64_MAX / 2 - v->at);
    break;
  case DT_PORT_FAULT_COUNT:
    break;
  }
}

void dt__virtual_faults(dt__virtual* v) {
  while (v->next_fault < v->fault_count && v->faults[v->next_fault].at <= v->at &&
         v->absent_until == 0)
    happen(v, &v->faults[v->next_fault++]);
}
