#include <math.h>
#include <string.h>

#include "pads_internal.h"

#define RING_MESSAGES 4096

typedef struct message {
  dt_frame at;
  uint8_t size;
  uint8_t bytes[3];
} message;

dt_pads* dt_pads_new(const dt_allocator* allocator, int rate_hz) {
  dt_pads* pads = dt_alloc_zero(allocator, sizeof *pads);
  if (!pads)
    return NULL;
  pads->allocator = allocator;
  pads->rate_hz = rate_hz;
  pads->asked = -1;
  pads->notes = dt_alloc_zero(allocator, DT_PADS_NOTES_MAX * sizeof *pads->notes);
  pads->ring = pads->notes ? dt_ring_new(allocator, RING_MESSAGES, sizeof(message)) : NULL;
  if (pads->ring)
    return pads;
  dt_pads_free(pads);
  return NULL;
}

void dt_pads_free(dt_pads* pads) {
  if (!pads)
    return;
  dt_ring_free(pads->ring);
  dt_release(pads->allocator, pads->notes, DT_PADS_NOTES_MAX * sizeof *pads->notes);
  dt_release(pads->allocator, pads, sizeof *pads);
}

double dt__pads_ms(const dt_pads* pads, dt_frame frames) {
  return 1000.0 * (double)frames / pads->rate_hz;
}

/* ---- asking ---- */

int dt_pads_ask(dt_pads* pads, dt_drum drum) {
  if (pads->pad_count == DT_PADS_MAX)
    return -1;
  pads->asked = pads->ask_count++;
  pads->asks[pads->asked] = (dt__pads_ask){.drum = drum, .first = -1, .second = -1};
  pads->pads[pads->pad_count] = pads->asked;
  return pads->pad_count++;
}

bool dt_pads_ask_together(dt_pads* pads, int first, int second) {
  if (pads->pair_count == DT_PADS_PAIRS_MAX || first < 0 || second < 0 ||
      first >= pads->pad_count || second >= pads->pad_count)
    return false;
  pads->asked = pads->ask_count++;
  pads->asks[pads->asked] = (dt__pads_ask){.is_pair = true, .first = first, .second = second};
  pads->pairs[pads->pair_count++] = pads->asked;
  return true;
}

void dt_pads_skip(dt_pads* pads) {
  if (pads->asked < 0)
    return;
  int kept = 0;
  for (int i = 0; i < pads->note_count; i++)
    if (pads->notes[i].ask != pads->asked)
      pads->notes[kept++] = pads->notes[i];
  pads->note_count = kept;
  pads->asks[pads->asked].is_skipped = true;
  pads->asked = -1;
}

void dt_pads_midi(dt_pads* pads, dt_frame at, const uint8_t* bytes, int size) {
  if (pads->asked < 0 || size < 3 || (bytes[0] & 0xF0) != 0x90 || bytes[1] > 127 || bytes[2] == 0 ||
      bytes[2] > 127)
    return;
  if (pads->note_count == DT_PADS_NOTES_MAX) {
    pads->dropped++;
    return;
  }
  pads->notes[pads->note_count++] = (dt__pads_note){at, pads->asked, bytes[1], bytes[2]};
}

/* ---- strokes ---- */

bool dt__pads_stroke_next(const dt_pads* pads, int ask, int* at, dt__pads_stroke* stroke) {
  int from = *at;
  while (from < pads->note_count && pads->notes[from].ask != ask)
    from++;
  if (from >= pads->note_count)
    return false;
  *stroke = (dt__pads_stroke){.from = from, .to = from + 1, .loudest = from};
  const dt__pads_note* notes = pads->notes;
  while (stroke->to < pads->note_count && notes[stroke->to].ask == ask &&
         dt__pads_ms(pads, notes[stroke->to].at - notes[from].at) <= DT_PADS_STROKE_MS) {
    if (notes[stroke->to].velocity > notes[stroke->loudest].velocity)
      stroke->loudest = stroke->to;
    stroke->to++;
  }
  *at = stroke->to;
  return true;
}

int dt_pads_struck(const dt_pads* pads) {
  if (pads->asked < 0)
    return 0;
  const dt__pads_ask* ask = &pads->asks[pads->asked];
  if (ask->is_pair) {
    dt_pads_pair pair;
    return dt_pads_pair_of(pads, pads->pair_count - 1, &pair) ? pair.times : 0;
  }
  dt__pads_stroke stroke;
  int count = 0;
  for (int at = 0; dt__pads_stroke_next(pads, pads->asked, &at, &stroke);)
    count++;
  return count;
}

double dt_pads_quiet_ms(const dt_pads* pads, dt_frame now) {
  const int last = pads->note_count - 1;
  if (last < 0 || pads->notes[last].ask != pads->asked)
    return (double)INFINITY;
  return dt__pads_ms(pads, now - pads->notes[last].at);
}

int dt_pads_count(const dt_pads* pads) {
  return pads->pad_count;
}

int dt_pads_pair_count(const dt_pads* pads) {
  return pads->pair_count;
}

/* ---- live ---- */

dt_frame dt_pads_hear(dt_pads* pads) {
  const dt_frame heard = atomic_load(&pads->heard);
  message one;
  while (dt_ring_read(pads->ring, &one))
    dt_pads_midi(pads, one.at, one.bytes, one.size);
  return heard;
}

uint64_t dt_pads_lost(const dt_pads* pads) {
  return pads->dropped + dt_ring_overflows(pads->ring);
}

#include "dt/rt_poison.h"

void dt_pads_process(void* context, const dt_port_block* block) {
  dt_pads* pads = context;
  for (int i = 0; i < block->midi_in_count; i++) {
    const dt_port_midi* in = &block->midi_in[i];
    const message out = {
        block->position + in->frame_offset, in->size, {in->bytes[0], in->bytes[1], in->bytes[2]}};
    (void)dt_ring_write(pads->ring, &out);
  }
  atomic_store_explicit(&pads->heard, block->position + block->frame_count, memory_order_release);
}
