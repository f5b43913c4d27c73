#include <string.h>

#include "cable.h"

#define RING_MESSAGES 1024
/* A stop, or something to send, is noticed within this. */
#define NAP_MS 2

static dt_status open_wire(dt__wire* wire, dt_error* err) {
  if (wire->kind == NULL || wire->is_open)
    return DT_OK;
  const dt_status status = wire->kind->open(wire, err);
  wire->is_open = status == DT_OK;
  return status;
}

static void close_wire(dt__wire* wire) {
  if (wire->is_open)
    wire->kind->close(wire);
  wire->is_open = false;
}

static dt_status make_ring(dt_ring** ring, const dt_allocator* allocator, const dt__wire* wire) {
  if (wire->kind == NULL)
    return DT_OK;
  *ring = dt_ring_new(allocator, RING_MESSAGES, sizeof(dt__timed_midi));
  return *ring != NULL ? DT_OK : DT_NO_MEMORY;
}

dt_status dt__cable_open(dt__cable* cable, const dt_allocator* allocator, dt_error* err) {
  cable->out.is_out = true;
  dt_status status = make_ring(&cable->received, allocator, &cable->in);
  if (status == DT_OK)
    status = make_ring(&cable->to_send, allocator, &cable->out);
  if (status != DT_OK)
    (void)dt_fail(err, status, "%s", dt_status_sentence(status));
  if (status == DT_OK)
    status = open_wire(&cable->in, err);
  if (status == DT_OK)
    status = open_wire(&cable->out, err);
  if (status != DT_OK)
    dt__cable_close(cable);
  return status;
}

static void receive_byte(dt__cable* cable, uint8_t byte, int64_t at_us) {
  dt__timed_midi timed = {.at_us = at_us};
  timed.size = (uint8_t)dt__midi_stream_take(&cable->stream, byte, timed.bytes);
  if (timed.size > 0)
    (void)dt_ring_write(cable->received, &timed); /* a full ring counts it */
  atomic_store_explicit(&cable->sysex, cable->stream.sysex_count, memory_order_relaxed);
  atomic_store_explicit(&cable->damaged, cable->stream.damaged_count, memory_order_relaxed);
}

static void receive_all(dt__cable* cable) {
  uint8_t bytes[256];
  int64_t at_us = 0;
  ptrdiff_t got;
  while (cable->in.is_open &&
         (got = cable->in.kind->read(&cable->in, bytes, sizeof bytes, &at_us)) != 0) {
    if (got < 0) {
      close_wire(&cable->in);
      cable->stream.status = 0;
      cable->stream.is_sysex = false;
    }
    for (ptrdiff_t i = 0; i < got; ++i)
      receive_byte(cable, bytes[i], at_us);
  }
}

/* A device that takes no more loses what is due: late notes are worse than none. */
static void send_one(dt__cable* cable, const dt__timed_midi* timed) {
  if (!cable->out.is_open)
    return;
  const ptrdiff_t put = cable->out.kind->write(&cable->out, timed->bytes, timed->size);
  if (put < 0)
    close_wire(&cable->out);
}

/* Sends what is due, and says when the next is; INT64_MAX: nothing waits. */
static int64_t send_due(dt__cable* cable, dt__timed_midi* next, bool* has_next) {
  for (;;) {
    if (!*has_next && cable->to_send != NULL)
      *has_next = dt_ring_read(cable->to_send, next);
    if (!*has_next)
      return INT64_MAX;
    if (next->at_us > dt__now_us())
      return next->at_us;
    send_one(cable, next);
    *has_next = false;
  }
}

static void wait_until(dt__cable* cable, int64_t due_us) {
  const int64_t left_us = due_us - dt__now_us();
  if (left_us < 1000) {
    dt__sleep_until_us(due_us);
    return;
  }
  struct pollfd polls[DT__WIRE_POLLS];
  const int count = cable->in.is_open ? cable->in.kind->polls(&cable->in, polls) : 0;
  const int left_ms = left_us < NAP_MS * 1000 ? (int)(left_us / 1000) : NAP_MS;
  (void)poll(polls, (nfds_t)count, left_ms);
}

static bool is_missing(const dt__wire* wire) {
  return wire->kind != NULL && !wire->is_open;
}

static void* run(void* context) {
  dt__cable* cable = context;
  dt__timed_midi next;
  bool has_next = false;
  int64_t retry_at_us = 0;
  while (!atomic_load(&cable->shall_stop)) {
    receive_all(cable);
    const int64_t due_us = send_due(cable, &next, &has_next);
    if ((is_missing(&cable->in) || is_missing(&cable->out)) && dt__now_us() >= retry_at_us) {
      if (open_wire(&cable->in, NULL) == DT_OK)
        (void)!open_wire(&cable->out, NULL);
      retry_at_us = dt__now_us() + (int64_t)cable->retry_ms * 1000;
    }
    atomic_store(cable->is_gone, is_missing(&cable->in) || is_missing(&cable->out));
    wait_until(cable, due_us);
  }
  return NULL;
}

dt_status dt__cable_start(dt__cable* cable, dt_error* err) {
  if (cable->in.kind == NULL && cable->out.kind == NULL)
    return DT_OK;
  if (pthread_create(&cable->thread, NULL, run, cable) != 0)
    return dt_fail(err, DT_NO_MEMORY, "No thread can be started for the MIDI device");
  cable->has_thread = true;
  dt__raise_thread(cable->thread);
  return DT_OK;
}

void dt__cable_close(dt__cable* cable) {
  atomic_store(&cable->shall_stop, true);
  if (cable->has_thread)
    pthread_join(cable->thread, NULL);
  cable->has_thread = false;
  close_wire(&cable->in);
  close_wire(&cable->out);
  dt_ring_free(cable->received);
  dt_ring_free(cable->to_send);
  cable->received = cable->to_send = NULL;
}
