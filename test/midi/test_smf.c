#include <math.h>

#include "../support/failing_allocator.h"
#include "dt/smf.h"
#include "smf_bytes.h"

static dt_status parse(dt_smf* smf, const smf_bytes* in, dt_error* err) {
  return dt_smf_parse(smf, NULL, in->bytes, in->size, err);
}

static void parse_ok(dt_smf* smf, const smf_bytes* in) {
  dt_error err = {.sentence = ""};
  if (parse(smf, in, &err) != DT_OK)
    fail_msg("%s", err.sentence);
}

/* The sentence must be one line and say where. */
static void refuses(const smf_bytes* in, dt_status status, const char* where) {
  dt_smf smf;
  dt_error err = {.sentence = ""};
  assert_int_equal(parse(&smf, in, &err), status);
  assert_int_equal(err.status, status);
  if (strstr(err.sentence, where) != err.sentence || strchr(err.sentence, '\n') != NULL)
    fail_msg("\"%s\" does not begin with \"%s\"", err.sentence, where);
  assert_int_equal(smf.event_count, 0);
  assert_null(smf.events);
  assert_null(smf.map.tempi);
}

static smf_bytes one_bar(void) {
  smf_bytes in = smf_head(0, 1, 480);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x58, 4, 6, 3, 24, 8);
  PUT(&in, 0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40);
  PUT(&in, 0, 0x99, 36, 100);
  PUT(&in, 0x83, 0x60, 38, 90);
  PUT(&in, 0x83, 0x60, 36, 0);
  end_track(&in, 96);
  return in;
}

static void reads_running_status_tempo_and_metre(void** state) {
  (void)state;
  const smf_bytes in = one_bar();
  dt_smf smf;
  parse_ok(&smf, &in);
  assert_int_equal(smf.format, 0);
  assert_int_equal(smf.map.ticks_per_quarter, 480);
  assert_true(smf.has_tempo);
  assert_true(smf.has_meter);
  assert_false(smf.is_smpte);
  assert_int_equal(smf.event_count, 3);
  assert_true(smf.events[0].time_s == 0.0);
  assert_true(smf.events[1].time_s == 1.0);
  assert_int_equal(smf.events[1].status, 0x99);
  assert_int_equal(smf.events[1].data1, 38);
  assert_int_equal(smf.events[1].data2, 90);
  assert_int_equal(smf.events[2].data2, 0);
  assert_true(fabs(smf.duration_s - 2.2) < 1e-12);
  assert_true(smf.seconds_per_tick_max == 1.0 / 480);
  assert_int_equal(dt_tempo_map_meter(&smf.map, 0).numerator, 6);
  assert_int_equal(dt_tempo_map_meter(&smf.map, 0).denominator, 8);
  dt_smf_clear(&smf, NULL);
}

static void a_metre_alone_is_no_tempo(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x58, 4, 3, 2, 24, 8);
  end_track(&in, 0);
  dt_smf smf;
  parse_ok(&smf, &in);
  assert_true(smf.has_meter);
  assert_false(smf.has_tempo);
  dt_smf_clear(&smf, NULL);
}

/* The tempo stands in track 0, the notes in track 1, and changes twice below them. */
static void a_tempo_track_moves_the_notes_of_other_tracks(void** state) {
  (void)state;
  smf_bytes in = smf_head(1, 2, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x51, 3, 0x07, 0xA1, 0x20);  /* 120 bpm */
  PUT(&in, 96, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40); /* 60 bpm from the second quarter */
  PUT(&in, 48, 0xFF, 0x51, 3, 0x03, 0xD0, 0x90); /* 240 bpm half a quarter later */
  end_track(&in, 0);
  begin_track(&in);
  PUT(&in, 96, 0x99, 36, 1, 24, 36, 2, 24, 36, 3, 96, 36, 4);
  end_track(&in, 0);
  dt_smf smf;
  parse_ok(&smf, &in);
  static const double expected[] = {0.5, 0.75, 1.0, 1.25};
  assert_int_equal(smf.event_count, 4);
  for (size_t i = 0; i < 4; ++i) {
    assert_true(fabs(smf.events[i].time_s - expected[i]) < 1e-12);
    assert_int_equal(smf.events[i].track, 1);
  }
  assert_true(smf.seconds_per_tick_max == 1.0 / 96);
  assert_true(fabs(smf.duration_s - 1.25) < 1e-12);
  dt_smf_clear(&smf, NULL);
}

static void tracks_are_merged_by_tick_then_track_then_order(void** state) {
  (void)state;
  smf_bytes in = smf_head(1, 3, 96);
  for (unsigned char track = 0; track < 3; ++track) {
    begin_track(&in);
    for (unsigned char i = 0; i < 5; ++i)
      PUT(&in, (unsigned char)(i % 2), 0x99, track, (unsigned char)(i + 1));
    end_track(&in, 0);
  }
  dt_smf smf;
  parse_ok(&smf, &in);
  assert_int_equal(smf.event_count, 15);
  for (size_t i = 1; i < 15; ++i) {
    const dt_midi_event* a = &smf.events[i - 1];
    const dt_midi_event* b = &smf.events[i];
    const int key_a = (int)a->tick * 10000 + a->track * 100 + a->data2;
    const int key_b = (int)b->tick * 10000 + b->track * 100 + b->data2;
    assert_true(key_a < key_b);
  }
  dt_smf_clear(&smf, NULL);
}

static void smpte_divisions_count_frames_and_ignore_tempo(void** state) {
  (void)state;
  static const struct {
    int rate;
    double tick_s;
  } cases[] = {{24, 1.0 / (24 * 80)},
               {25, 1.0 / (25 * 80)},
               {29, 1001.0 / (30000.0 * 80)},
               {30, 1.0 / (30 * 80)}};
  for (size_t i = 0; i < 4; ++i) {
    smf_bytes in = smf_head(0, 1, (256 - cases[i].rate) << 8 | 80);
    begin_track(&in);
    PUT(&in, 0, 0xFF, 0x51, 3, 0x0F, 0x42, 0x40);
    PUT(&in, 120, 0x99, 36, 100);
    end_track(&in, 120);
    dt_smf smf;
    parse_ok(&smf, &in);
    assert_true(smf.is_smpte);
    assert_false(smf.has_tempo);
    assert_true(fabs(smf.events[0].time_s - 120 * cases[i].tick_s) < 1e-12);
    assert_true(fabs(smf.seconds_per_tick_max - cases[i].tick_s) < 1e-15);
    assert_true(fabs(smf.duration_s - 240 * cases[i].tick_s) < 1e-12);
    dt_smf_clear(&smf, NULL);
  }
}

static void what_a_take_does_not_need_is_skipped(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  PUT(&in, 'X', 'F', 'I', 'H', 0, 0, 0, 3, 1, 2, 3); /* an unknown chunk */
  begin_track(&in);
  PUT(&in, 0, 0xFF, 3, 4, 'k', 'i', 't', 0xFF);       /* a track's name */
  PUT(&in, 0, 0x99, 36, 100);                         /* */
  PUT(&in, 1, 0xF0, 5, 0x7E, 0x7F, 9, 1, 0xF7);       /* system exclusive */
  PUT(&in, 1, 37, 80);                                /* running status across it */
  PUT(&in, 1, 0xF7, 2, 0xFA, 0xFB);                   /* an escape */
  PUT(&in, 1, 0xC9, 7, 1, 0xD9, 5, 1, 0xE9, 1, 2);    /* one and two data bytes */
  PUT(&in, 1, 0xFF, 0x51, 5, 0x07, 0xA1, 0x20, 9, 9); /* a tempo of a later standard */
  end_track(&in, 0);
  PUT(&in, 'j', 'u', 'n', 'k');
  dt_smf smf;
  parse_ok(&smf, &in);
  static const unsigned char statuses[] = {0x99, 0x99, 0xC9, 0xD9, 0xE9};
  assert_int_equal(smf.event_count, 5);
  for (size_t i = 0; i < 5; ++i)
    assert_int_equal(smf.events[i].status, statuses[i]);
  assert_int_equal(smf.events[1].tick, 2);
  assert_int_equal(smf.events[2].data2, 0);
  assert_true(smf.has_tempo);
  dt_smf_clear(&smf, NULL);
}

static void is_text(const dt_smf_text* text, dt_tick tick, int track, uint8_t type,
                    const char* bytes) {
  assert_int_equal(text->tick, tick);
  assert_int_equal(text->track, track);
  assert_int_equal(text->type, type);
  assert_int_equal(text->size, strlen(bytes));
  assert_memory_equal(text->bytes, bytes, text->size);
}

static void names_lyrics_and_markers_are_kept(void** state) {
  (void)state;
  smf_bytes in = smf_head(1, 2, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 6, 1, 'A', 96, 0xFF, 6, 1, 'B');
  PUT(&in, 0, 0xFF, 0x10, 1, 'x', 0, 0xFF, 0, 2, 0, 1); /* no texts */
  end_track(&in, 0);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 3, 3, 'k', 'i', 't', 0, 0xFF, 1, 0);
  PUT(&in, 48, 0xFF, 5, 1, 'R', 0, 0x99, 38, 90);
  end_track(&in, 0);
  dt_smf smf;
  parse_ok(&smf, &in);
  assert_int_equal(smf.text_count, 4);
  is_text(&smf.texts[0], 0, 0, DT_SMF_MARKER, "A");
  is_text(&smf.texts[1], 0, 1, DT_SMF_TRACK_NAME, "kit");
  is_text(&smf.texts[2], 48, 1, DT_SMF_LYRIC, "R");
  is_text(&smf.texts[3], 96, 0, DT_SMF_MARKER, "B");
  dt_smf_clear(&smf, NULL);
}

static void a_missing_end_of_track_loses_nothing(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 96, 0x99, 36, 100);
  end_chunk(&in);
  dt_smf smf;
  parse_ok(&smf, &in);
  assert_int_equal(smf.event_count, 1);
  assert_true(fabs(smf.duration_s - 0.5) < 1e-12);
  assert_false(smf.has_tempo);
  assert_int_equal(smf.map.tempo_count, 0);
  dt_smf_clear(&smf, NULL);
}

static void damage_is_named_with_its_byte(void** state) {
  (void)state;
  smf_bytes in = one_bar();
  in.bytes[9] = 2;
  refuses(&in, DT_UNSUPPORTED, "Byte 8: ");
  in.bytes[9] = 3;
  refuses(&in, DT_BAD_DATA, "Byte 8: ");
  in = one_bar();
  in.bytes[0] = 'R';
  refuses(&in, DT_BAD_DATA, "Byte 0: ");
  in = one_bar();
  in.bytes[12] = in.bytes[13] = 0;
  refuses(&in, DT_BAD_DATA, "Byte 12: ");
  in.bytes[12] = 0xE9; /* 23 frames a second */
  in.bytes[13] = 40;
  refuses(&in, DT_BAD_DATA, "Byte 12: ");
  in = one_bar();
  in.bytes[11] = 2;
  refuses(&in, DT_BAD_DATA, "Byte 53: the file ends after 1 of 2 tracks");
  in = one_bar();
  in.bytes[18] = 0x7F; /* a track of 2 GiB */
  refuses(&in, DT_BAD_DATA, "Byte 14: ");
  in = one_bar();
  in.bytes[39] = 0x80; /* the velocity of the first note */
  in.bytes[40] = 0;
  in.bytes[41] = 0x99;
  refuses(&in, DT_BAD_DATA, "Byte ");
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 36, 100);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 23: 0x24 where a message must begin");
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0x99, 36, 100);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 22: a delta time of more than four bytes");
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x51, 3, 0, 0, 0);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 26: a tempo of 0");
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x58, 4, 0, 2, 24, 8);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 26: a metre of 0");
  static const unsigned char kinds[] = {0xF0, 0xF7, 3}; /* longer than their track */
  for (size_t i = 0; i < 3; ++i) {
    in = smf_head(0, 1, 96);
    begin_track(&in);
    PUT(&in, 0, kinds[i] < 0x80 ? 0xFF : kinds[i], kinds[i] < 0x80 ? kinds[i] : 100, 100, 0);
    end_track(&in, 0);
    PUT(&in, 'M', 'o', 'r', 'e', 0, 0, 0, 0);
    refuses(&in, DT_BAD_DATA, "Byte 2");
  }
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x51, 2, 7, 0xA1); /* a tempo of two bytes */
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 26: the data ends inside a tempo");
  in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xF4, 0);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 23: 0xF4");
  in = smf_head(0, 1, 1);
  begin_track(&in);
  PUT(&in, 0x8F, 0xFF, 0xFF, 0xFF, 0x7F, 0x99, 36, 100);
  end_track(&in, 0);
  refuses(&in, DT_BAD_DATA, "Byte 22: ");
  in = smf_head(0, 1, 1);
  begin_track(&in);
  PUT(&in, 0xFF, 0xFF, 0xFF, 0x7F, 0x99, 36, 100);
  end_track(&in, 0);
  refuses(&in, DT_TOO_LARGE, "The music would last");
  in.size = 0;
  refuses(&in, DT_BAD_DATA, "Byte 0: ");
}

static void a_file_cut_anywhere_is_refused(void** state) {
  (void)state;
  smf_bytes in = one_bar();
  for (in.size = 0; in.size < one_bar().size; ++in.size)
    refuses(&in, DT_BAD_DATA, "Byte ");
}

static bool parse_and_clear(const dt_allocator* allocator, void* ctx) {
  const smf_bytes* in = ctx;
  dt_smf smf;
  dt_error err = {.sentence = ""};
  const dt_status status = dt_smf_parse(&smf, allocator, in->bytes, in->size, &err);
  if (status != DT_OK) {
    assert_int_equal(status, DT_NO_MEMORY);
    assert_true(err.sentence[0] != '\0');
  }
  dt_smf_clear(&smf, allocator);
  return status == DT_OK;
}

static void no_memory_is_a_status(void** state) {
  (void)state;
  smf_bytes in = smf_head(0, 1, 96);
  begin_track(&in);
  PUT(&in, 0, 0xFF, 0x58, 4, 6, 3, 24, 8);
  PUT(&in, 0, 0xFF, 5, 1, 'R', 0, 0x99, 38, 90);
  end_track(&in, 96);
  assert_true(dt_failing_sweep(parse_and_clear, &in) >= 4);
}

/* A header may promise 65,535 tracks of 4 GiB: memory follows what is there. */
static void a_lying_header_costs_no_memory(void** state) {
  (void)state;
  smf_bytes in = one_bar();
  in.bytes[10] = in.bytes[11] = 0xFF;
  dt_failing failing = {0};
  const dt_allocator allocator = dt_failing_allocator(&failing);
  dt_smf smf;
  assert_int_equal(dt_smf_parse(&smf, &allocator, in.bytes, in.size, NULL), DT_BAD_DATA);
  assert_int_equal(failing.requests, 0);
}

/* Half a million events, tempi and tracks that interleave backwards: linear or n log n, or this
 * test runs for minutes. */
static void a_huge_file_is_no_trap(void** state) {
  (void)state;
  dt_buffer file = {.bytes = NULL};
  const dt_sink sink = dt_buffer_sink(&file);
  enum { TRACKS = 50, EVENTS = 5000 };
  const unsigned char head[] = {'M', 'T', 'h', 'd', 0, 0, 0, 6, 0, 1, 0, TRACKS, 0, 96};
  assert_int_equal(dt_sink_write(sink, head, sizeof head), DT_OK);
  for (int track = 0; track < TRACKS; ++track) {
    const uint32_t length = EVENTS * 11;
    const unsigned char chunk[] = {'M',
                                   'T',
                                   'r',
                                   'k',
                                   0,
                                   (unsigned char)(length >> 16),
                                   (unsigned char)(length >> 8),
                                   (unsigned char)length};
    assert_int_equal(dt_sink_write(sink, chunk, sizeof chunk), DT_OK);
    for (int i = 0; i < EVENTS; ++i) {
      const unsigned char events[] = {1, 0xFF, 0x51, 3, 1, (unsigned char)track, (unsigned char)i,
                                      0, 0x99, 36,   1};
      assert_int_equal(dt_sink_write(sink, events, sizeof events), DT_OK);
    }
  }
  dt_smf smf;
  assert_int_equal(dt_smf_parse(&smf, NULL, file.bytes, file.size, NULL), DT_OK);
  assert_int_equal(smf.event_count, TRACKS * EVENTS);
  assert_int_equal(smf.map.tempo_count, EVENTS + 1);
  for (size_t i = 1; i < smf.event_count; ++i)
    assert_true(smf.events[i - 1].time_s <= smf.events[i].time_s);
  dt_smf_clear(&smf, NULL);
  dt_buffer_clear(&file);
}

int main(void) {
  const struct CMUnitTest tests[] = {
      cmocka_unit_test(reads_running_status_tempo_and_metre),
      cmocka_unit_test(a_metre_alone_is_no_tempo),
      cmocka_unit_test(a_tempo_track_moves_the_notes_of_other_tracks),
      cmocka_unit_test(tracks_are_merged_by_tick_then_track_then_order),
      cmocka_unit_test(smpte_divisions_count_frames_and_ignore_tempo),
      cmocka_unit_test(what_a_take_does_not_need_is_skipped),
      cmocka_unit_test(names_lyrics_and_markers_are_kept),
      cmocka_unit_test(a_missing_end_of_track_loses_nothing),
      cmocka_unit_test(damage_is_named_with_its_byte),
      cmocka_unit_test(a_file_cut_anywhere_is_refused),
      cmocka_unit_test(no_memory_is_a_status),
      cmocka_unit_test(a_lying_header_costs_no_memory),
      cmocka_unit_test(a_huge_file_is_no_trap),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
