#include <string.h>

#include "port_internal.h"

#include "dt/rt_poison.h" /* last: see there */

/* How long a jump of the counter can still be taken back by one the other way. */
#define MOMENT_SECONDS 1
/* How many blocks after an xrun are looked at. */
#define WATCH_BLOCKS 8

void dt__count(_Atomic uint64_t* counter, uint64_t more) {
  const uint64_t count = atomic_load_explicit(counter, memory_order_relaxed);
  atomic_store_explicit(counter, count + more, memory_order_relaxed);
}

dt_frame dt__frames_of_us(int64_t us, int rate_hz) {
  const double frames = (double)us * (double)rate_hz * 1e-6;
  return (dt_frame)(frames < 0 ? frames - 0.5 : frames + 0.5);
}

static dt_frame gap_by_clock(const dt__core* core, const dt__cycle* cycle) {
  const dt_frame gap = dt__frames_of_us(cycle->clock_us - core->next_clock_us, core->rate_hz);
  return gap > 0 ? gap : 0;
}

/* The counter went back. Where that takes back what was a gap a moment ago (a callback so late that
 * it was told the time of the next), the position is ahead until frames are lost again. Else it is
 * the counter that is wrong, and only a jump forward soon after belongs to it. */
static void go_into_debt(dt__core* core, dt_frame frames) {
  dt__count(&core->counters.backwards, 1);
  if (core->position > core->recent_until)
    core->recent_gap = 0;
  const dt_frame taken_back = frames < core->recent_gap ? frames : core->recent_gap;
  core->recent_gap -= taken_back;
  core->owed += taken_back;
  core->debt += frames - taken_back;
  core->debt_until = core->position + (dt_frame)core->rate_hz * MOMENT_SECONDS;
}

static dt_frame pay(dt_frame* debt, dt_frame frames) {
  const dt_frame paid = frames < *debt ? frames : *debt;
  *debt -= paid;
  return frames - paid;
}

static dt_frame gap_by_count(dt__core* core, dt_frame delta) {
  if (delta < 0) {
    go_into_debt(core, -delta);
    return 0;
  }
  if (core->position > core->debt_until)
    core->debt = 0;
  return pay(&core->debt, pay(&core->owed, delta));
}

/*
 * A server that reports an xrun may have lost time without counting it (jackd counts whole periods
 * only): then its blocks come later than they used to, by the clock. Callbacks that are late
 * themselves look the same, so the earliest of the next few decides.
 */
static dt_frame gap_by_lag(dt__core* core, const dt__cycle* cycle, dt_frame gap) {
  const double position_us = (double)(core->position + gap) * 1e6 / (double)core->rate_hz;
  const double lag_us = (double)cycle->clock_us - position_us - core->usual_lag_us;
  const uint64_t xruns = atomic_load_explicit(&core->counters.xruns, memory_order_relaxed);
  if (core->watch_left == 0 && xruns != core->xruns_seen) {
    core->watch_left = WATCH_BLOCKS;
    core->least_lag_us = lag_us;
  }
  if (core->watch_left == 0) {
    /* Follows the two clocks' drift; callbacks are late more often than early. */
    core->usual_lag_us += lag_us < 0 ? lag_us / 16 : lag_us / 1024;
    return 0;
  }
  if (lag_us < core->least_lag_us)
    core->least_lag_us = lag_us;
  if (--core->watch_left > 0)
    return 0;
  core->xruns_seen = xruns;
  const double least_us = 2000 + 0.5e6 * (double)cycle->frame_count / (double)core->rate_hz;
  return core->least_lag_us > least_us
             ? dt__frames_of_us((int64_t)core->least_lag_us, core->rate_hz)
             : 0;
}

/* By the counter; or by the clock where that says much more, as when a server stood still and its
 * counter with it. */
static dt_frame gap_of(dt__core* core, const dt__cycle* cycle) {
  const dt_frame by_clock = gap_by_clock(core, cycle);
  if (cycle->is_by_clock) {
    core->debt = core->owed = 0;
    core->meter.has_begun = false;
    return by_clock;
  }
  const dt_frame delta = cycle->device_frame - core->expected;
  const dt_frame by_count = gap_by_count(core, delta);
  const dt_frame usual = (dt_frame)core->rate_hz / 10 + 4 * (dt_frame)cycle->frame_count;
  return by_clock - (delta > 0 ? delta : 0) > usual ? by_clock : by_count;
}

static void add_frames(_Atomic int64_t* sum, dt_frame more) {
  const dt_frame before = atomic_load_explicit(sum, memory_order_relaxed);
  atomic_store_explicit(sum, before + more, memory_order_relaxed);
}

/* Every frame by which the position and the device's counter come apart has a reason. */
static void account(dt__core* core, const dt__cycle* cycle, dt_frame gap, dt_frame by_lag) {
  dt__counters* counters = &core->counters;
  const dt_frame offset = cycle->device_frame - (core->position + gap);
  if (cycle->is_by_clock || !core->has_begun) {
    atomic_store_explicit(&counters->by_clock_frames, 0, memory_order_relaxed);
    atomic_store_explicit(&counters->ahead_frames, 0, memory_order_relaxed);
  } else {
    const dt_frame delta = cycle->device_frame - core->expected;
    const dt_frame counted = gap - by_lag;
    const dt_frame beyond = delta > 0 && counted > delta ? counted - delta
                            : delta <= 0 && counted > 0  ? counted
                                                         : 0;
    add_frames(&counters->by_clock_frames, by_lag + beyond);
    add_frames(&counters->ahead_frames, counted - beyond - delta);
  }
  atomic_store_explicit(&counters->device_offset, offset, memory_order_relaxed);
}

static void count_gap(dt__core* core, dt_frame gap) {
  dt__count(&core->counters.gaps, 1);
  add_frames(&core->counters.gap_frames, gap);
  if (core->position > core->recent_until)
    core->recent_gap = 0;
  core->recent_gap += gap;
  core->recent_until = core->position + gap + (dt_frame)core->rate_hz * MOMENT_SECONDS;
}

static dt_frame gap_before(dt__core* core, const dt__cycle* cycle) {
  dt_frame gap = 0;
  dt_frame by_lag = 0;
  if (core->has_begun) {
    gap = gap_of(core, cycle);
    by_lag = gap_by_lag(core, cycle, gap);
    gap += by_lag;
  } else {
    core->usual_lag_us = (double)cycle->clock_us;
  }
  account(core, cycle, gap, by_lag);
  core->has_begun = true;
  core->expected = cycle->device_frame + cycle->frame_count;
  core->next_clock_us =
      cycle->clock_us + (int64_t)((double)cycle->frame_count * 1e6 / (double)core->rate_hz);
  if (gap > 0)
    count_gap(core, gap);
  return gap;
}

static void measure_rate(dt__core* core, const dt__cycle* cycle, dt_frame gap) {
  const int64_t step_us = 10000000;
  dt__rate_meter* meter = &core->meter;
  const int64_t at_us = cycle->clock_us;
  meter->frame += gap;
  if (!meter->has_begun) {
    meter->has_begun = true;
    meter->older_us = meter->newer_us = at_us;
    meter->older_frame = meter->newer_frame = meter->frame;
  }
  const int64_t span_us = at_us - meter->older_us;
  if (span_us >= 1000000)
    atomic_store_explicit(&core->counters.measured_rate_hz,
                          (double)(meter->frame - meter->older_frame) * 1e6 / (double)span_us,
                          memory_order_relaxed);
  if (at_us - meter->newer_us >= step_us) {
    meter->older_us = meter->newer_us;
    meter->older_frame = meter->newer_frame;
    meter->newer_us = at_us;
    meter->newer_frame = meter->frame;
  }
  meter->frame += cycle->frame_count;
}

static void clear_list(dt_port_midi_list* list) {
  list->count = 0;
  list->refused = 0;
}

/* What was put beyond the block goes to its end. */
static void take_sent(dt__core* core, const dt_port_midi_list* sent, int first, int frame_count) {
  for (int i = 0; i < sent->count; ++i) {
    const dt_port_midi* m = &sent->items[i];
    const uint32_t last = (uint32_t)frame_count - 1;
    const uint32_t offset = m->frame_offset < last ? m->frame_offset : last;
    (void)dt_port_put(&core->midi_out, offset + (uint32_t)first, m->bytes, m->size);
  }
  core->midi_out.refused += sent->refused;
}

static int take_received(dt__core* core, int taken, int first, int frame_count,
                         dt_port_midi_list* part) {
  while (taken < core->midi_in.count &&
         core->midi_in.items[taken].frame_offset < (uint32_t)(first + frame_count)) {
    const dt_port_midi* m = &core->midi_in.items[taken++];
    (void)dt_port_put(part, m->frame_offset - (uint32_t)first, m->bytes, m->size);
  }
  return taken;
}

/* Calls process for the part of the cycle that begins at frame `first`. */
static int run_part(dt__core* core, const dt__cycle* cycle, int first, int frame_count, int taken,
                    dt_frame gap) {
  const float* in[DT_PORT_CHANNELS_MAX];
  float* out[DT_PORT_CHANNELS_MAX];
  dt_port_midi_list received = {core->part_in_items, 0, DT_PORT_MIDI_MAX, 0};
  dt_port_midi_list sent = {core->part_out_items, 0, DT_PORT_MIDI_MAX, 0};
  for (int c = 0; c < core->in_count; ++c)
    in[c] = cycle->in[c] + first;
  for (int c = 0; c < core->out_count; ++c) {
    out[c] = cycle->out[c] + first;
    memset(out[c], 0, (size_t)frame_count * sizeof(float));
  }
  taken = take_received(core, taken, first, frame_count, &received);
  const dt_port_block block = {
      .position = core->position,
      .frame_count = frame_count,
      .rate_hz = core->rate_hz,
      .in_count = core->in_count,
      .out_count = core->out_count,
      .in = in,
      .out = out,
      .midi_in = received.items,
      .midi_in_count = received.count,
      .midi_out = &sent,
      .gap_frames = gap,
      .is_return = cycle->is_return && first == 0,
      .device_frame = cycle->device_frame + first,
      .clock_us = cycle->clock_us + (int64_t)((double)first * 1e6 / (double)core->rate_hz),
      .capture_latency_frames = cycle->capture_latency_frames,
      .playback_latency_frames = cycle->playback_latency_frames,
      .has_transport = cycle->has_transport,
      .is_rolling = cycle->is_rolling,
      .transport_frame = cycle->transport_frame + (cycle->is_rolling ? first : 0),
      .transport_bpm = cycle->transport_bpm,
  };
  core->process(core->context, &block);
  take_sent(core, &sent, first, frame_count);
  core->position += frame_count;
  return taken;
}

void dt__core_block(dt__core* core, const dt__cycle* cycle) {
  const dt_frame gap = gap_before(core, cycle);
  core->position += gap;
  measure_rate(core, cycle, gap);
  clear_list(&core->midi_out);
  int taken = 0;
  for (int first = 0; first < cycle->frame_count;) {
    const int left = cycle->frame_count - first;
    const int part = left < core->block_frames_max ? left : core->block_frames_max;
    taken = run_part(core, cycle, first, part, taken, first == 0 ? gap : 0);
    first += part;
  }
  dt__counters* counters = &core->counters;
  dt__count(&counters->midi_in, (uint64_t)taken);
  dt__count(&counters->midi_in_dropped,
            core->midi_in.refused + (uint64_t)(core->midi_in.count - taken));
  dt__count(&counters->midi_out, (uint64_t)core->midi_out.count);
  dt__count(&counters->midi_out_dropped, core->midi_out.refused);
  dt__count(&counters->blocks, 1);
  if (cycle->is_return)
    dt__count(&counters->returns, 1);
  clear_list(&core->midi_in);
  atomic_store_explicit(&counters->position, core->position, memory_order_release);
}

void dt__core_timed(dt__core* core, int64_t due_us, int64_t began_us, int64_t ended_us) {
  const int64_t period_us = (int64_t)core->period_frames * 1000000 / core->rate_hz;
  dt__counters* counters = &core->counters;
  if (began_us - due_us > period_us || ended_us - began_us > period_us)
    dt__count(&counters->late, 1);
  if (ended_us - began_us > atomic_load_explicit(&counters->busiest_us, memory_order_relaxed))
    atomic_store_explicit(&counters->busiest_us, ended_us - began_us, memory_order_relaxed);
}
